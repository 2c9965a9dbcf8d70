use flow_core::{flow, handler};

#[handler]
async fn count() -> u32 {
    7
}

flow! {
    pub(crate) flow Counted;
    start -> count -> end
}

fn main() {
    let _ = Counted::new();
}
