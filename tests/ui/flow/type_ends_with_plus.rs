use flow_core::{State, flow, handler};

#[derive(Default)]
struct Total(u32);

#[handler]
async fn count(total: State<Total>) {
    total.with(|total| total.0 += 1);
}

fn main() {
    let _ = flow! {
        state Total+;
        start -> count
    };
}
