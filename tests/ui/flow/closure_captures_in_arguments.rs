// A name in an argument may be that of a function, unless the file shows a variable alone.
use flow_core::flow;

fn add(n: u32, k: u32) -> u32 {
    n + k
}

fn main() {
    let k = 3;
    let _ = flow! { start(u32) -> |n: u32| add(n, k) -> ignore };
    let _ = flow! { start(u32) -> |n: u32| format!("{n} {k}") -> ignore };
    let _ = flow! { start(u32) -> |n: u32| vec![n, k] -> ignore };
    let mut last = 3;
    let _ = flow! { start(u32) -> |n: u32| (n, last) -> ignore };
    last += k;
}
