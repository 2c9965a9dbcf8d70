// A future that is not `Send`.
use flow_core::{Cx, handler};

#[handler]
async fn reply(cx: &Cx) {
    let count = std::rc::Rc::new(1);
    cx.put("[assistant] ").await;
    drop(count);
}

fn main() {}
