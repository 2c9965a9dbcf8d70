//! Handlers, events, flows and types of other modules and crates, anywhere a route names one;
//! `#[cfg]` on a handler and on a flow.
use flow_core::{Cx, flow, handler};
use tests::{Answer, Knock, knock, open};

mod shop {
    use flow_core::{Cx, Event, Failed, Res, State, flow, handler};

    pub struct Prices(pub u32);

    #[derive(Default)]
    pub struct Sold(pub u32);

    #[derive(Clone, Event)]
    pub struct Paid(pub u32);

    #[handler]
    pub async fn list(count: u32) -> Result<Vec<u32>, std::fmt::Error> {
        Ok((1..=count).collect())
    }

    #[handler(emits = "Paid")]
    pub async fn pay(n: u32, prices: Res<Prices>, cx: &Cx) -> Result<u32, std::fmt::Error> {
        cx.emit(Paid(n * prices.0));
        Ok(n)
    }

    #[handler]
    pub async fn refund(_failed: Failed<std::fmt::Error>) {}

    /// Takes a `'static` reference, and the state.
    #[handler]
    pub async fn note(what: &'static str, sold: State<Sold>) -> usize {
        sold.with(|sold| sold.0 += 1);
        what.len()
    }

    #[handler]
    pub async fn words(text: &'static str) -> Vec<Vec<&'static str>> {
        vec![text.split(' ').collect()]
    }

    flow! {
        /// How long the words are.
        pub flow Lengths(&'static str) -> Vec<Vec<usize>>;
        state Sold;
        start -> words -> each (each note[2])[2] -> end
    }
}

#[handler]
async fn sum(paid: Vec<u32>) -> u32 {
    paid.into_iter().sum()
}

#[cfg(all())]
#[handler]
async fn tell(shop::Paid(n): shop::Paid, cx: &Cx) {
    cx.put(n.to_string()).await;
}

#[cfg(any())]
#[handler]
async fn tell() -> NoSuchThing {}

#[cfg(any())]
flow! {
    flow Absent;
    start -> no_such_thing
}

fn main() {
    let flow = flow! {
        flow (u32) -> u32;
        with shop::Prices;
        start -> crate::shop::list -> each (shop::pay else skip)[4] -> sum -> match {
            total if total > 100 => end,
            _ => ignore
        };
        when self::shop::Paid -> tell;
        rescue crate::shop::list -> shop::refund
    };
    // Three items, and the error of a flow that came to nothing.
    assert_eq!(flow.with(shop::Prices(2)).blocking_iter(3).count(), 4);

    let flow = flow! {
        ignore Answer;
        start -> knock;
        when Knock -> open
    };
    assert_eq!(flow.blocking_iter(()).count(), 3);

    let flow = flow! { start(&'static str) -> shop::Lengths -> end };
    let mut lengths = flow.blocking_iter("a bb ccc");
    assert!(lengths.next().is_none());
    assert_eq!(lengths.output().unwrap(), [[1, 2, 3]]);
}
