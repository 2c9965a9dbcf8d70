//! A flow that names a deprecated handler or flow is warned.
#![deny(deprecated)]

mod old {
    use flow_core::{flow, handler};

    #[deprecated = "use `new`"]
    #[handler]
    pub async fn handler() {}

    flow! {
        #[deprecated = "use `New`"]
        pub flow Flow(());
        start -> super::work
    }
}

#[flow_core::handler]
async fn work() {}

fn main() {
    let _ = flow_core::flow! { start -> old::handler -> old::Flow };
}
