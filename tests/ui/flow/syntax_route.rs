// Syntax errors in routes.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Asked(u32);

#[handler(emits = "Asked")]
async fn begin(cx: &Cx) {
    cx.emit(Asked(3));
}

#[handler(on = "Asked")]
async fn count(Asked(n): Asked) -> Vec<u32> {
    vec![n]
}

#[handler]
async fn work(_n: u32) {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Asked -> count(n);
        when Asked -> (count work) -> ignore;
        when Asked -> () -> work;
        when Asked -> count -> each () -> ignore;
        when Asked -> count -> each each work -> ignore;
        when Asked -> count -> each work[8][8] -> ignore;
        when Asked -> match { Asked(n) => };
        when Asked -> match { Asked(n) work };
        when Asked -> match { Asked(1) => work Asked(n) => work };
        when Asked -> match { => work };
        when Asked -> match { Asked(n) if => work };
        when Asked -> match { _ => end } -> work;
        when Asked(n) if -> work else -> ignore;
        when Asked(n) if n > 3 -> work else work;
        when Asked(n) if n > 3 => work else -> work;
        when Asked(n) | Asked(m) if n > 3 -> work else -> work;
        when Asked | Asked if true -> work else -> work;
        when Asked(3 +) if true -> work else -> work;
        when Asked -> count -> 7;
        when Asked -> count ->  -> work;
        when Asked -> "count";
        when Asked -> count, work;
        when Asked -> _;
        when Asked -> async { 3 };
        when Asked -> |n|;
        when Asked & -> count;
        when Asked | -> count;
        rescue count work;
        rescue -> ;
        state;
        state 7;
        state u32 => 7;
        state u32 = fn;
        /// A comment.
        when Asked -> work;
        pub when Asked -> work;
        flow -> u32
    };
}
