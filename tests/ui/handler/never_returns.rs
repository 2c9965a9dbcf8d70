// A handler that returns `!`.
use flow_core::{Cx, flow, handler};

#[handler]
async fn serve(cx: &Cx) -> ! {
    loop {
        cx.put("tick").await;
    }
}

fn main() {
    let _ = flow! { start -> serve };
}
