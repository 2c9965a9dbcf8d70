//! A state that is read, and written back after an `.await`, while another call may do the same: in
//! an `each`, for an event that comes more than once, and in another handler for the same event.
use flow_core::{Cx, Event, State, flow, handler};

#[derive(Event, Clone)]
struct Paid(u32);

#[derive(Default)]
struct Total(u32);

#[derive(Default, Clone)]
struct Plan {
    steps: Vec<u32>,
    reviews: u32,
}

async fn convert(amount: u32) -> u32 {
    tokio::task::yield_now().await;
    amount
}

#[handler]
async fn split(n: u32) -> Vec<u32> {
    vec![n]
}
#[handler(emits = Paid)]
async fn pay(n: u32, cx: &Cx) {
    for n in 0..n {
        cx.emit(Paid(n));
    }
}
#[handler(emits = Paid)]
async fn pay_once(n: u32, cx: &Cx) {
    cx.emit(Paid(n));
}
#[handler]
async fn count(n: u32, total: State<Total>) {
    let before = total.with(|total| total.0);
    let amount = convert(n).await;
    total.with(|total| total.0 = before + amount);
}
#[handler]
async fn add(Paid(n): Paid, plan: State<Plan>, total: State<Total>) {
    let known = total.with(|total| total.0);
    let sum = if n > 1 {
        known + convert(n).await
    } else {
        known
    };
    plan.with(|plan| plan.steps.push(n));
    total.with(|total| *total = Total(sum));
}
#[handler(concurrency = 1)]
async fn step(Paid(n): Paid, plan: State<Plan>) {
    let mut changed = plan.with(|plan| plan.clone());
    changed.steps.push(convert(n).await);
    plan.with(|plan| *plan = changed);
}
#[handler(concurrency = 1)]
async fn review(Paid(n): Paid, plan: State<Plan>) {
    let Plan { reviews, .. } = plan.with(|plan| plan.clone());
    convert(n).await;
    plan.with(|plan| plan.reviews = reviews + 1);
}

fn main() {
    let _ = flow! { sound; state Total; start(u32) -> split -> each count };
    let _ = flow! {
        sound;
        state Total;
        state Plan;
        start(u32) -> pay;
        when Paid -> add;
    };
    let _ = flow! {
        sound;
        state Plan;
        start(u32) -> pay_once;
        when Paid -> step;
        when Paid -> review;
    };
}
