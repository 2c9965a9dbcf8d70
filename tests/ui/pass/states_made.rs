//! What makes a state: the relatives of `ui/flow/words_of_rust.rs` and `state_not_a_function.rs`.
use flow_core::{State, flow, handler};

#[derive(Default)]
struct Total(u32);

struct Maker(u32);

impl Maker {
    fn total(self) -> impl Fn(&u32) -> Total {
        move |input| Total(self.0 + input)
    }
}

const MAKE: fn(&u32) -> Total = from_input;

fn from_input(input: &u32) -> Total {
    Total(*input)
}

fn beginning_with(first: u32) -> impl Fn(&u32) -> Total {
    move |input| Total(first + input)
}

#[handler]
async fn add(total: State<Total>) {
    total.with(|total| total.0 += 1);
}

fn main() {
    let _ = flow! { state Total; start(u32) -> add };
    let _ = flow! { state Total = from_input; start(u32) -> add };
    let _ = flow! { state Total = MAKE; start(u32) -> add };
    let _ = flow! { state Total = |_| Total(5); start(u32) -> add };
    let _ = flow! { state Total = |input: &u32| Total(*input); start(u32) -> add };
    let _ = flow! { state Total = (|input: &u32| Total(*input)); start(u32) -> add };
    let _ = flow! { state Total = beginning_with(5); start(u32) -> add };
    let _ = flow! { state Total = Maker(5).total(); start(u32) -> add };
}
