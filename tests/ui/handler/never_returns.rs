// Handlers that return `!`.
use flow_core::{Cx, flow, handler};

#[handler]
async fn serve(cx: &Cx) -> ! {
    loop {
        cx.put("tick").await;
    }
}

#[handler]
async fn serve_or_fail(cx: &Cx) -> flow_core::Result<!> {
    loop {
        cx.put("tick").await;
    }
}

fn main() {
    let _ = flow! { start -> serve };
    let _ = flow! { start -> serve_or_fail };
}
