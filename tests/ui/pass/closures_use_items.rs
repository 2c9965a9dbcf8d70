// What a closure in a route may name: items of the file, and what it binds itself.
use flow_core::flow;

const LIMIT: u32 = 3;
#[allow(non_upper_case_globals)]
const factor: u32 = 2;

fn double(n: u32) -> u32 {
    n * factor
}

fn main() {
    let all = [1, 2];
    let n = all.len();
    let sum: usize = all.iter().sum();
    let _ = flow! { start(u32) -> |n: u32| n.min(LIMIT) -> |n: u32| Some(n).map(double) -> ignore };
    let _ = flow! { start(u32) -> |n: u32| vec![n, factor] -> |all: Vec<u32>| all.len() -> ignore };
    let _ = flow! {
        start(u32) -> |n: u32| {
            let sum = n + 1;
            format!("{n} {sum} {sum:?} {{sum}} {other}", other = add(sum, n))
        } -> ignore
    };
    let _ = (n, sum);
    other();
    of_parameter(1);
}

// Here, the names are those of variables.
fn other() {
    let double = |n: u32| 3 * n;
    for n in 0..double(1) {
        let _ = n;
    }
}

fn of_parameter(step: u32) -> u32 {
    // `step` of the closure is its own.
    let _ = flow! { start(u32) -> |n| add(n, 1) -> |step| add(step, 1) -> ignore };
    step
}

fn add(a: u32, b: u32) -> u32 {
    a + b
}
