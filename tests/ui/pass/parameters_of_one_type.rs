//! Two parameters of a handler may be of one type.

use flow_core::{Res, State, flow, handler};

struct Db;

#[handler]
async fn both(a: Res<Db>, b: Res<Db>, one: State<u8>, other: State<u8>) -> u8 {
    let _ = (a, b);
    one.with(|n| *n += 1);
    other.with(|n| *n)
}

fn main() {
    let flow = flow! { with Db; state u8; start -> both -> end };
    assert_eq!(flow.with(Db).blocking_iter(()).output().unwrap(), 1);
}
