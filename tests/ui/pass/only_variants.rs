// Patterns of enums with one variant match every event.
use std::convert::Infallible;

use flow_core::{Event, flow, handler};

enum Only {
    One(u32),
}

mod other {
    pub enum Sole {
        Named { n: u32 },
    }
}

#[derive(Event)]
struct First(Only);

#[derive(Event)]
struct Second {
    of: other::Sole,
}

#[derive(Event)]
struct Third(Result<u32, Infallible>);

#[handler]
async fn begin(n: u32) -> (First, Second, Third) {
    let of = other::Sole::Named { n };
    (First(Only::One(n)), Second { of }, Third(Ok(n)))
}

#[handler]
async fn tell(n: u32, cx: &flow_core::Cx) {
    cx.put(n.to_string()).await;
}

fn main() {
    let flow = flow! {
        start(u32) -> begin -> emit;
        when First(Only::One(n)) -> tell;
        when Second { of: other::Sole::Named { n } } -> tell;
        when Third(Ok(n)) -> tell
    };
    assert_eq!(flow.blocking_iter(7).count(), 3);
}
