// A field that a step reads and that no step has written yet.
use flow_core::{Cx, Event, State, flow, handler};

#[derive(Event)]
struct Planned;

struct Plan {
    steps: Vec<String>,
}

#[handler(emits = Planned)]
async fn plan(_goal: String, cx: &Cx) {
    cx.emit(Planned);
}

#[handler(on = Planned)]
async fn work(plan: State<Plan>) -> usize {
    plan.with(|plan| plan.steps.len())
}

fn main() {
    let _ = flow! {
        state Plan;
        start(String) -> plan;
        when Planned -> work -> end
    };
}
