// An `else` of an `if`, without its arrow.
use flow_core::{Cx, Event, Result, flow, handler};

#[handler]
async fn work(Asked(_): Asked) -> Result<()> {
    Ok(())
}

#[handler]
async fn gap() {}

#[derive(Event)]
struct Asked(u32);

#[handler(emits = Asked)]
async fn begin(cx: &Cx) {
    cx.emit(Asked(3));
}

fn main() {
    let _ = flow! { 
        start -> begin;
        when Asked(n) if *n > 3 -> work else gap
     };
}
