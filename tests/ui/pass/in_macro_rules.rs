//! A flow written by a `macro_rules!`, with parts that its caller passes in.
use flow_core::{Cx, Event, Failed, State, flow, handler};

#[derive(Event)]
struct Asked(u32);

#[handler]
async fn split(n: u32, _sum: State<u32>) -> Result<Vec<u32>, std::fmt::Error> {
    Ok((0..n).collect())
}

#[handler]
async fn double(n: u32) -> u32 {
    n * 2
}

#[handler]
async fn check(n: u32) -> Result<u32, std::fmt::Error> {
    Ok(n)
}

#[handler(emits = "Asked")]
async fn ask(_both: (Vec<u32>, Vec<u32>), cx: &Cx) -> Option<u32> {
    cx.emit(Asked(1));
    None
}

#[handler]
async fn log(_failed: Failed<std::fmt::Error>) {}

fn take(n: &u32) -> u32 {
    *n
}

macro_rules! twice {
    ($stage:ident, $other:path, $limit:expr, $pattern:pat, $event:ident, $make:path) => {
        flow! {
            state u32 = $make;
            start(u32) -> split -> (each $stage[$limit], each ($stage -> check else skip)) -> $other -> match {
                Some(n) => end,
                $pattern => ignore
            };
            when $event(n) if n > 3 -> ignore else -> done -> end;
            rescue split -> log
        }
    };
}

#[handler(emits = "Asked")]
async fn begin(n: u32, cx: &Cx) {
    cx.emit(Asked(n));
}

#[handler(on = "Asked")]
async fn tell(Asked(n): Asked, cx: &Cx) {
    cx.put(n.to_string()).await;
}

macro_rules! alone {
    ($handler:ident, $event:ident) => {
        flow! { start(u32) -> begin; when $event -> $handler }
    };
}

#[handler(on = "Asked")]
async fn done(Asked(n): Asked) -> u32 {
    n
}

fn main() {
    let mut execution = twice!(double, ask, 8, None, Asked, take).blocking_iter(3);
    assert!(execution.next().is_none());
    assert_eq!(execution.output().unwrap(), 1);
    assert_eq!(alone!(tell, Asked).blocking_iter(7).count(), 1);
}
