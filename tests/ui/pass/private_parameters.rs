//! A handler may take what is less public than itself, and nothing else that is, as a plain function
//! may.
#![deny(warnings)]
#![allow(dead_code)]

mod shop {
    use flow_core::{Answered, Cx, Event, Failed, IdempotencyKey, Res, State, handler};

    pub(crate) struct Receipt(pub u32);

    #[derive(Clone, Event)]
    pub(crate) struct Paid(pub u32);

    #[derive(Default)]
    pub(crate) struct Total(u32);

    pub(crate) struct Db;

    type Short = Receipt;

    #[handler]
    pub async fn pay() -> Receipt {
        Receipt(3)
    }

    #[handler]
    pub async fn by_a_pattern(Receipt(euros): Receipt, cx: &Cx) {
        cx.put(euros.to_string()).await;
    }

    #[handler]
    pub async fn by_a_name(receipt: Receipt) {
        let _ = receipt.0;
    }

    #[handler]
    pub async fn by_another_name(receipt: Short) {
        let _ = receipt.0;
    }

    #[handler]
    pub async fn in_a_tuple((Receipt(one), Receipt(other)): (Receipt, Receipt)) -> u32 {
        one + other
    }

    #[handler]
    pub async fn in_a_list(list: Vec<Receipt>) {
        drop(list);
    }

    #[handler(on = Paid)]
    pub async fn by_an_event(Paid(_): Paid) {}

    #[handler(on = Paid)]
    pub async fn on_an_event() {}

    #[handler(emits = Paid)]
    pub async fn emits(cx: &Cx) {
        cx.emit(Paid(1));
    }

    #[handler]
    pub async fn resource(db: Res<Db>) {
        drop(db);
    }

    #[handler]
    pub async fn state(total: State<Total>) {
        let now = total.with(|total| total.0);
        tokio::task::yield_now().await;
        total.with(|total| total.0 = now + 1);
    }

    #[handler(effect, retry(attempts = 2))]
    pub async fn key(Paid(_): Paid, key: IdempotencyKey) -> flow_core::Result<()> {
        drop(key);
        Ok(())
    }

    #[derive(Event)]
    #[event(answer = bool)]
    pub(crate) struct Review;

    #[handler]
    pub async fn decide(Answered { answer, .. }: Answered<Review>) {
        let _ = answer;
    }

    #[derive(Debug)]
    pub(crate) struct Refused;

    #[handler]
    pub async fn recover(failed: Failed<Refused>) {
        drop(failed);
    }
}

fn main() {
    let flow = flow_core::flow! { start -> shop::pay -> shop::by_a_pattern };
    assert_eq!(flow.blocking_iter(()).count(), 1);
}
