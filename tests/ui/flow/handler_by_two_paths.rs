// A handler that a flow names by two paths, and two handlers of one name.
use flow_core::{BoxError, Cx, Event, Failed, flow, handler};

#[derive(Clone, Event)]
struct Order;

#[handler(emits = Order)]
async fn begin(cx: &Cx) -> Result<(), BoxError> {
    cx.emit(Order);
    Ok(())
}

#[handler(on = Order)]
async fn ship() {}

#[handler]
async fn excuse(_: Failed) {}

mod shop {
    pub(crate) use super::ship;
}

mod other {
    use flow_core::{BoxError, handler};

    #[handler]
    pub(crate) async fn begin() -> Result<(), BoxError> {
        Ok(())
    }
}

fn main() {
    let _ = flow! { start -> begin; when Order -> ship; when Order -> shop::ship };
    let _ = flow! { start -> begin; when Order -> ship; rescue other::begin -> excuse };
    let _ = flow! {
        start -> begin;
        when Order -> ship;
        rescue begin -> excuse;
        rescue self::begin -> excuse
    };
}
