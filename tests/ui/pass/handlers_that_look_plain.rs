// Handlers whose source looks like that of functions without `#[handler]`.
use flow_core::flow;
use flow_core::handler as stage;
use tests::knock as first;

#[stage]
async fn renamed() -> u8 {
    1
}

macro_rules! handler_named {
    ($name:ident) => {
        #[stage]
        async fn $name(n: u8) {
            let _ = n;
        }
    };
}

handler_named!(made);

mod helpers {
    pub async fn open() {}
    pub async fn made() {}
    pub async fn first() {}
}

mod handlers {
    pub use tests::open;
}

use handlers::*;

fn main() {
    let _ = (helpers::open(), helpers::made(), helpers::first());
    let _ = flow! { start -> renamed -> made };
    let _ = flow! { start -> first; when tests::Knock -> open; ignore tests::Answer };
}
