//! A handler may use types that are less public than itself, as a plain function may, and so may
//! the answer of a question be.
#![deny(warnings)]

mod shop {
    use flow_core::{Answered, Cx, Event, Failed, Res, TimedOut, handler};

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
        if euros > 9 {
            Err(Declined)
        } else {
            Ok(Receipt(euros))
        }
    }

    #[handler(streams = Item)]
    pub async fn print(Receipt(euros): Receipt, cx: &Cx) {
        cx.put(Item(euros.to_string())).await;
    }

    #[handler(streams = Item)]
    pub async fn note(failed: Failed<Declined, Order>, cx: &Cx) {
        cx.put(Item(failed.to_string())).await;
    }

    pub(crate) struct Rate(u32);

    type Exchange = Res<Rate>;
    type Unpaid = Failed<Declined, Order>;

    // The names of types do not show what is private.
    #[handler]
    pub async fn lend(rate: Exchange, unpaid: Unpaid) -> Receipt {
        Receipt(rate.0 * unpaid.cause.0)
    }

    #[derive(Clone, Event)]
    #[event(answer = Consent)]
    pub struct Loan(pub u32);

    #[derive(Clone, Event)]
    #[event(answer = Consent)]
    pub(super) struct Mortgage(pub u32);

    struct Consent(bool);

    #[handler(emits = [Loan, Mortgage])]
    pub async fn apply(n: u32, cx: &Cx) {
        cx.emit(Loan(n));
        cx.emit(Mortgage(n));
    }

    #[handler]
    pub async fn grant(loan: Answered<Loan>) -> Receipt {
        Receipt(if loan.answer.0 { loan.question.0 } else { 0 })
    }

    #[handler]
    pub async fn refuse(mortgage: Answered<Mortgage>) -> Receipt {
        Receipt(if mortgage.answer.0 {
            mortgage.question.0
        } else {
            0
        })
    }

    pub fn lent(euros: u32) -> u32 {
        #[handler]
        async fn euros_of(Receipt(euros): Receipt) -> u32 {
            euros
        }

        let flow = flow_core::flow! {
            with Rate;
            start(Order) -> pay else lend -> euros_of -> end
        };
        flow.with(Rate(2))
            .blocking_iter(Order(euros))
            .output()
            .unwrap()
    }

    pub fn loans() -> Vec<u32> {
        enum Out {
            Loan(flow_core::Asked<Loan>),
            Mortgage(flow_core::Asked<Mortgage>),
            Item(Item),
        }
        impl From<flow_core::Asked<Loan>> for Out {
            fn from(asked: flow_core::Asked<Loan>) -> Self {
                Self::Loan(asked)
            }
        }
        impl From<flow_core::Asked<Mortgage>> for Out {
            fn from(asked: flow_core::Asked<Mortgage>) -> Self {
                Self::Mortgage(asked)
            }
        }
        impl From<Item> for Out {
            fn from(item: Item) -> Self {
                Self::Item(item)
            }
        }
        let flow = flow_core::flow! {
            streams Out;
            start(u32) -> apply;
            ask Loan -> grant -> print;
            ask Mortgage -> refuse -> print
        };
        let mut paid = Vec::new();
        for item in flow.blocking_iter(5) {
            match item.unwrap() {
                Out::Loan(asked) => asked.answer(Consent(true)).unwrap(),
                Out::Mortgage(asked) => asked.answer(Consent(false)).unwrap(),
                Out::Item(Item(text)) => paid.push(text.parse().unwrap_or_default()),
            }
        }
        paid.sort_unstable();
        paid
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
    assert_eq!((shop::lent(9), shop::lent(10)), (9, 20));
    assert_eq!(shop::loans(), [0, 5]);
}
