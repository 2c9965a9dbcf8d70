//! `#[cfg]` on a parameter holds for all that the macro generates from it.

use flow_core::{Cx, Res, flow, handler};

#[cfg(any())]
struct Llm;

#[handler]
async fn removed(cx: &Cx, #[cfg(any())] _llm: Res<Llm>) {
    cx.put("x").await;
}

#[handler]
async fn either(#[cfg(any())] n: u8, #[cfg(not(any()))] n: u16, cx: &Cx) {
    cx.put(n.to_string()).await;
}

struct Db;

#[handler]
async fn kept(
    #[cfg(all())] _db: Res<Db>,
    #[cfg_attr(all(), cfg(any()), allow(unused_variables))] gone: Res<Missing>,
    #[cfg_attr(any(), cfg(any()))] n: u8,
) -> u8 {
    n
}

fn main() {
    assert_eq!(flow! { start -> removed }.blocking_iter(()).count(), 1);
    assert_eq!(flow! { start(u16) -> either }.blocking_iter(3).count(), 1);
    let kept = flow! { with Db; start(u8) -> kept -> end };
    assert_eq!(kept.with(Db).blocking_iter(3).output().unwrap(), 3);
}
