//! A handler may use types that are less public than itself, as a plain function may.
#![deny(warnings)]

mod shop {
    use flow_core::{Cx, Event, Failed, TimedOut, handler};

    pub(crate) struct Receipt(pub u32);

    pub(crate) struct Item(pub String);

    #[derive(Debug)]
    pub(crate) struct Declined;

    impl std::fmt::Display for Declined {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "declined")
        }
    }

    impl std::error::Error for Declined {}

    impl From<TimedOut> for Declined {
        fn from(_: TimedOut) -> Self {
            Self
        }
    }

    #[derive(Clone, Event)]
    pub(crate) struct Order(pub u32);

    #[derive(Event)]
    #[event(answer = Verdict)]
    pub(crate) struct Review;

    pub(crate) struct Verdict;

    #[handler(emits = [Order, Review])]
    pub async fn begin(n: u32, cx: &Cx) {
        cx.emit(Order(n));
        cx.emit(Review);
    }

    #[handler(timeout = "5s", retry(attempts = 2), concurrency = 1)]
    pub async fn pay(Order(euros): Order) -> Result<Receipt, Declined> {
        if euros > 9 { Err(Declined) } else { Ok(Receipt(euros)) }
    }

    #[handler(streams = Item)]
    pub async fn print(Receipt(euros): Receipt, cx: &Cx) {
        cx.put(Item(euros.to_string())).await;
    }

    #[handler(streams = Item)]
    pub async fn note(failed: Failed<Declined, Order>, cx: &Cx) {
        cx.put(Item(failed.to_string())).await;
    }

    mod inner {
        #[flow_core::handler]
        pub(in crate::shop) async fn price() -> Price {
            Price(3)
        }

        pub(super) struct Price(pub u32);
    }

    #[handler]
    async fn total(inner::Price(euros): inner::Price) -> u32 {
        euros
    }

    pub fn prices() -> u32 {
        let flow = flow_core::flow! { start -> inner::price -> total -> end };
        flow.blocking_iter(()).output().unwrap()
    }
}

fn main() {
    use shop::{begin, note, pay, print};

    let flow = flow_core::flow! {
        streams shop::Item;
        start(u32) -> begin;
        when shop::Order -> pay -> print;
        ignore shop::Review;
        rescue pay -> note
    };
    for (euros, printed) in [(3, "3"), (30, "declined")] {
        let items = flow.blocking_iter(euros).map(|item| item.unwrap().0);
        let items: Vec<_> = items.collect();
        assert!(items.concat().contains(printed), "{items:?}");
    }
    assert_eq!(shop::prices(), 3);
}
