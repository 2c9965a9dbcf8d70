// Events that a handler declares and never emits.
use flow_core::{Cx, Event, flow, handler};

mod events {
    #[derive(flow_core::Event)]
    pub struct Never;
}

#[derive(Event)]
struct Done(u32);

#[derive(Event)]
struct Rejected;

#[handler(emits = [Done, events::Never, Rejected])]
async fn work(cx: &Cx) -> flow_core::Result<()> {
    for n in 0..3 {
        if n == 2 {
            return Err("too many".into());
        }
        cx.emit(Done(n));
    }
    Ok(())
}

#[handler(on = Done, emits = Rejected)]
async fn reject(cx: &Cx) {
    cx.put("rejected").await;
}

#[handler]
async fn note() {}

fn main() {
    let _ = flow! {
        start -> work;
        when Done -> reject;
        when events::Never -> note;
        when Rejected -> note;
    };
}
