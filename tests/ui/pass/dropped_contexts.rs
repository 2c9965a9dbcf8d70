// Contexts that are dropped are not passed on, so that the handlers fit any stream. A handler in a
// function of an `impl` whose lines open several braces.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Begun(u32);

#[handler(emits = Begun)]
async fn begin(n: u32, cx: &Cx) {
    let out = cx.clone();
    out.emit(Begun(n));
    drop(out);
}

#[handler(on = Begun, streams = u32)]
async fn tell(Begun(n): Begun, cx: &Cx) {
    cx.put(n).await;
}

struct App;

#[rustfmt::skip]
impl App { fn run(&self) -> u32 {
    #[handler]
    async fn double(n: u32) -> u32 {
        n * 2
    }
    flow! { start(u32) -> double -> end }.blocking_iter(3).output().unwrap()
} }

fn main() {
    let flow = flow! { streams u32; start(u32) -> begin; when Begun -> tell };
    assert_eq!(flow.blocking_iter(App.run()).map(Result::unwrap).sum::<u32>(), 6);
}
