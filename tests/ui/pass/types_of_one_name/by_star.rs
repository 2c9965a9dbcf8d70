use super::*;
use flow_core::{Answered, Asked, flow, handler};

mod wire {
    pub struct Order;

    pub struct Paid {
        pub cents: u32,
    }

    #[derive(flow_core::Event)]
    pub struct Review;
}

#[handler]
async fn begin(id: u32) -> (Order, Paid) {
    let (_, paid, _) = (wire::Order, wire::Paid { cents: id }, wire::Review);
    (Order { id, total: 1 }, Paid(id, paid.cents))
}

#[handler]
async fn ask(both: (Order, Paid)) -> Review {
    Review(both.0.total + both.1.1)
}

#[handler]
async fn decide(answered: Answered<Review>) -> u32 {
    answered.question.0
}

pub fn run() {
    let shop = flow! {
        streams Asked<Review>;
        start(u32) -> begin -> emit;
        when Order & Paid -> ask -> ask Review -> decide -> end
    };
    let mut questions = shop.blocking_iter(3);
    questions.next().unwrap().unwrap().answer(true).unwrap();
    assert_eq!(questions.output().unwrap(), 4);
}
