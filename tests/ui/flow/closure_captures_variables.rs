// Variables of the function around a flow, however they are bound. A glob import is no doubt.
use flow_core::flow;

use self::sums::*;

mod sums {
    pub fn add(n: u32, k: u32) -> u32 {
        n + k
    }
}

fn of_parameter(base: u32) {
    let _ = flow! { start(u32) -> |n| add(n, base) -> ignore };
}

fn main() {
    of_parameter(add(1, 2));
    let factor = 3;
    let _ = flow! { start(u32) -> |n| add(n, factor) -> ignore };
    let (first, _) = (1, 2);
    let _ = flow! { start(u32) -> |n| add(n, first) -> ignore };
    for step in 0..3 {
        let _ = flow! { start(u32) -> |n| add(n, step) -> ignore };
    }
    if let Some(found) = Some(1) {
        let _ = flow! { start(u32) -> |n| add(n, found) -> ignore };
    }
    match Some(2) {
        Some(inner) => drop(flow! { start(u32) -> |n| add(n, inner) -> ignore }),
        None => {}
    }
    let double = |n: u32| 2 * n;
    let _ = flow! { start(u32) -> |n| double(n) -> ignore };
    let offset = 4;
    let _ = flow! {
        start(Vec<u32>) -> |all| all.into_iter().map(|n| n + offset).collect::<Vec<_>>() -> ignore
    };
    fn inside() {
        // For rustc, it is that of the function around this one.
        let _ = flow! { start(u32) -> |n| add(n, offset) -> ignore };
    }
    inside();
    let name = "x";
    let _ = flow! { start(u32) -> |n| format!("{name} {n}") -> ignore };
}
