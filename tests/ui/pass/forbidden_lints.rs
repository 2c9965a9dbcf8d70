//! A crate may forbid any lint: nothing in the output of the macros has to be allowed.
#![forbid(dead_code, deprecated, missing_docs, missing_debug_implementations)]
#![forbid(non_camel_case_types, non_local_definitions, non_snake_case, non_upper_case_globals)]
#![forbid(private_interfaces, private_bounds, rust_2018_idioms, single_use_lifetimes)]
#![forbid(trivial_casts, trivial_numeric_casts, unexpected_cfgs, unnameable_types)]
#![forbid(unreachable_code, unreachable_patterns, unreachable_pub, unsafe_code)]
#![forbid(unused, unused_imports, unused_labels, unused_lifetimes, unused_macros, unused_mut)]
#![forbid(unused_must_use, unused_parens, unused_qualifications, unused_variables)]
#![forbid(warnings)]

use flow_core::{Answered, Asked, Cx, Event, Failed, Res, State, flow, handler};

/// An event.
#[derive(Clone, Debug, Event)]
pub struct Left(pub u8);

/// Another one.
#[derive(Clone, Debug, Event)]
pub struct Right;

#[derive(Clone, Debug, Event)]
struct Secret(u8);

/// A question.
#[derive(Clone, Debug, Event)]
#[event(answer = bool)]
pub struct May(pub u8);

/// A state.
#[derive(Debug, Default)]
pub struct Total(u8);

/// A resource.
#[derive(Debug)]
pub struct Llm;

/// An item.
#[derive(Debug)]
pub struct Item;

impl From<String> for Item {
    fn from(_: String) -> Self {
        Self
    }
}

impl From<Asked<May>> for Item {
    fn from(_: Asked<May>) -> Self {
        Self
    }
}

/// Begins.
#[handler(emits = [Left, Right, May])]
pub async fn begin(n: u8, cx: &Cx, _llm: Res<Llm>) -> flow_core::Result<Vec<u8>> {
    cx.emit(Left(n));
    cx.emit(Right);
    cx.emit(May(n));
    Ok(vec![n])
}

#[handler(timeout = "5s", retry(attempts = 2), concurrency = 3)]
async fn work(n: u8, total: State<Total>) -> flow_core::Result<u8> {
    total.with(|total| total.0 += n);
    Ok(n)
}

#[handler]
async fn count(all: Vec<u8>) -> usize {
    all.len()
}

#[handler]
async fn check(n: usize) -> Option<u8> {
    u8::try_from(n).ok()
}

#[handler(emits = Secret)]
async fn meet((Left(n), _right): (Left, Right), cx: &Cx) {
    cx.emit(Secret(n));
    cx.put("met").await;
}

#[handler]
async fn log(_failed: Failed) {}

#[handler]
async fn decide(_answer: Answered<May>) {}

#[handler]
async fn expire(_question: May) {}

/// Again.
#[handler(on = Left)]
async fn again(_n: State<u16>) {}

#[handler]
async fn done(_n: u8) {}

flow! {
    /// A flow.
    pub flow Inner(u8) -> (Vec<u8>, usize) streams Item;
    timeout "5m";
    with Llm;
    state Total;
    state u16 = |n: &u8| u16::from(*n);
    start -> begin -> (each (work else skip)[2], count -> check -> match { Some(n) => done, None => ignore })
        -> match { (all, ()) if all.len() > 3 => ignore, (all, ()) => count -> ignore };
    when Left & Right -> meet;
    when Left(n) if n > 3 -> again else if true -> ignore else -> again -> ignore;
    ask May within "1m" -> decide else -> expire;
    when Right -> ends -> end;
    when Secret & Left -> keep;
    when Secret(n) if n > 1 -> tell else -> ignore;
    rescue begin -> log
}

#[handler]
async fn keep(_: (Secret, Left)) {}

#[handler(emits = Secret)]
async fn tell(secret: Secret, cx: &Cx) {
    if secret.0 > 9 {
        cx.emit(secret);
    }
}

#[handler(on = Right)]
async fn ends() -> (Vec<u8>, usize) {
    (Vec::new(), 1)
}

#[handler]
async fn split(n: u8) -> Vec<u8> {
    vec![n]
}

fn main() {
    let flow = flow! {
        flow (u8) -> (Vec<u8>, usize) streams Item;
        with Llm;
        start -> Inner -> end
    };
    drop(flow.with(Llm));
    let flow = flow! {
        flow (u8) -> u8;
        start -> split -> each (work2 -> match { n if n > 3 => end now, n => work2 }) -> match {
            all if all.is_empty() => ignore,
            all => first -> end,
        }
    };
    assert_eq!(flow.blocking_iter(7).output().unwrap(), 7);
    let flow = flow! { start(u8) -> (work2 -> end now, work2) -> ignore };
    assert_eq!(flow.blocking_iter(7).output().unwrap(), 7);
}

#[handler]
async fn work2(n: u8) -> u8 {
    n
}

#[handler]
async fn first(all: Vec<u8>) -> u8 {
    all.into_iter().sum()
}
