// A loop that goes on after the `end`, whatever happens: the execution never returns its output.
use flow_core::{Cx, Event, Failed, Result, flow, handler};

#[derive(Event)]
struct Order(u32);
#[derive(Event)]
struct Poll;

#[handler(emits = [Order, Poll])]
async fn begin(n: u32, cx: &Cx) {
    cx.emit(Order(n));
    cx.emit(Poll);
}
#[handler]
async fn ship(Order(n): Order) -> u32 {
    n
}
#[handler(emits = Poll)]
async fn poll(cx: &Cx) -> Result<()> {
    let number: u32 = "1".parse()?;
    tokio::time::sleep(std::time::Duration::from_secs(number.into())).await;
    cx.emit(Poll);
    Ok(())
}
#[handler(emits = Poll)]
async fn go_on(_: Failed, cx: &Cx) {
    cx.emit(Poll);
}

fn main() {
    let _ = flow! { sound; start(u32) -> begin; when Order -> ship -> end; when Poll -> poll else go_on };
}
