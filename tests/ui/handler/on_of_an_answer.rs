// The handler of an answer is declared `on` the question.
use flow_core::{Answered, Event, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Approve(u32);

#[handler(on = Approve)]
async fn decide(_answered: Answered<Approve>) {}

type Approval = Answered<Approve>;

#[handler(on = [Approve])]
async fn decide_by_another_name(_answered: Approval) {}

fn main() {}
