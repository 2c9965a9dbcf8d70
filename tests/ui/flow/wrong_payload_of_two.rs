// Two events convert into what the handler takes, which is declared `on` neither.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Cash(u32);

#[derive(Event)]
struct Card(u32);

struct Payment(u32);

impl From<Cash> for Payment {
    fn from(Cash(amount): Cash) -> Self {
        Self(amount)
    }
}

impl From<Card> for Payment {
    fn from(Card(amount): Card) -> Self {
        Self(amount)
    }
}

#[handler(emits = [Cash, Card])]
async fn begin(cx: &Cx) {
    cx.emit(Cash(1));
    cx.emit(Card(2));
}

#[handler]
async fn settle(Payment(amount): Payment, cx: &Cx) {
    cx.put(amount.to_string()).await;
}

fn main() {
    let _ = flow! {
        start -> begin;
        when Cash | Card -> settle
    };
}
