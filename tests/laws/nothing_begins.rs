//! Once a handler or an `end now` has ended the execution, no handler begins, also where nothing
//! suspends in between.

use flow_core::{Cx, Handler, Res, Result, Router, flow, handler};

use crate::Log;

#[handler]
async fn stops(n: u32, cx: &Cx) -> u32 {
    cx.stop();
    n
}

/// What a helper does with the context, the attribute does not know.
#[handler]
async fn stops_elsewhere(n: u32, cx: &Cx) -> u32 {
    stop(cx);
    n
}

fn stop(cx: &Cx<impl Router, impl Handler>) {
    cx.stop();
}

#[handler]
async fn begins(n: u32, log: Res<Log>) -> u32 {
    log.add(format!("begins {n}"));
    n
}

#[handler]
async fn first_one(n: u32, log: Res<Log>) -> Result<u32> {
    log.add(format!("first {n}"));
    Ok(n)
}

#[handler]
async fn three(n: u32) -> Vec<u32> {
    vec![n, n + 1, n + 2]
}

macro_rules! logged {
    ($flow:expr) => {{
        let log = Log::default();
        let _ = $flow.with(log.clone()).run(1).await;
        log.lines()
    }};
}

#[tokio::test]
async fn a_stop_is_the_last_that_its_route_does() {
    let flow = flow! { with Log; start(u32) -> stops -> begins -> ignore };
    assert_eq!(logged!(flow), [""; 0]);
    let flow = flow! { with Log; start(u32) -> stops_elsewhere -> begins -> ignore };
    assert_eq!(logged!(flow), [""; 0]);
    let flow = flow! { with Log; start(u32) -> stops -> (begins, begins) -> ignore };
    assert_eq!(logged!(flow), [""; 0]);
    let flow = flow! { with Log; start(u32) -> stops -> first_one else |_| 0 -> ignore };
    assert_eq!(logged!(flow), [""; 0]);
    let flow = flow! { with Log; start(u32) -> begins -> stops -> begins -> ignore };
    assert_eq!(logged!(flow), ["begins 1"]);
}

#[tokio::test]
async fn branches_and_elements_that_have_not_begun_do_not() {
    let flow = flow! { with Log; start(u32) -> (stops, begins) -> ignore };
    assert_eq!(logged!(flow), [""; 0]);
    let flow = flow! { with Log; start(u32) -> (begins, stops, begins) -> ignore };
    assert_eq!(logged!(flow), ["begins 1"]);
    let flow = flow! { with Log; start(u32) -> (stops -> begins, begins -> begins) -> ignore };
    assert_eq!(logged!(flow), [""; 0]);
    let flow = flow! { with Log; start(u32) -> three -> each (begins -> stops)[1] -> ignore };
    assert_eq!(logged!(flow), ["begins 1"]);
    let flow = flow! { with Log; start(u32) -> three -> each (begins -> stops) -> ignore };
    assert_eq!(logged!(flow), ["begins 1"]);
}

#[tokio::test]
async fn an_end_now_in_an_each_is_the_last_of_it() {
    let flow = flow! {
        flow -> u32;
        with Log;
        start(u32) -> three -> each (begins -> match { n @ 2 => |n: u32| n -> end now, _ => ignore })[1]
            -> ignore
    };
    assert_eq!(logged!(flow), ["begins 1", "begins 2"]);
}
