// A caller looks at a state that the flow does not have.
use flow_core::{State, flow, handler};

struct Total(u32);

#[handler]
async fn work(done: State<u32>) {
    done.with(|done| *done += 1);
}

fn main() {
    let (_, total) = flow! { state u32; start -> work }.spawn_with_state::<Total>(());
    total.with(|total| total.0);
}
