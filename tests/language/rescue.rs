//! `rescue a -> b`: an error that does not end the execution.

use flow_core::{BoxError, Cx, Event, Failed, FlowErrorKind, flow, handler};

use crate::items;

#[derive(Debug, PartialEq)]
enum Refused {
    Busy(u32),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Refused {}

#[derive(Clone, Event)]
struct Ask(u32);

#[handler(emits = "Ask")]
async fn begin(n: u32, cx: &Cx) {
    for n in 0..n {
        cx.emit(Ask(n));
    }
}

#[handler(on = "Ask")]
async fn answer(Ask(n): Ask, cx: &Cx) -> Result<u32, Refused> {
    if n % 2 == 1 {
        return Err(Refused::Busy(n));
    }
    cx.put(format!("answered {n}")).await;
    Ok(n)
}

#[handler]
async fn check(n: u32) -> Result<(), BoxError> {
    if n == 4 {
        return Err("four is too much".into());
    }
    Ok(())
}

#[handler]
async fn apologise(failed: Failed<Refused>, cx: &Cx) {
    let Refused::Busy(n) = failed.error;
    let (handler, event) = (failed.handler, failed.event.unwrap());
    cx.put(format!("{handler} on {event}: busy at {n}")).await;
}

#[handler]
async fn log(failed: Failed, cx: &Cx) {
    cx.put(failed.to_string()).await;
}

#[handler]
async fn settle(n: u32) -> Result<(), Refused> {
    if n == 2 {
        return Err(Refused::Busy(20));
    }
    Ok(())
}

#[tokio::test]
async fn one_clause_rescues_several_handlers() {
    let flow = flow! {
        start(u32) -> begin;
        when Ask -> answer -> settle;
        rescue answer | settle -> apologise
    };
    assert_eq!(
        items(flow.stream(3)).await,
        [
            "answered 0",
            "answered 2",
            "answer on Ask: busy at 1",
            "settle on Ask: busy at 20"
        ]
    );
}

#[tokio::test]
async fn the_error_comes_typed_and_the_others_go_on() {
    let flow = flow! {
        start(u32) -> begin;
        when Ask -> answer -> check;
        rescue answer -> apologise
    };
    assert_eq!(
        items(flow.stream(4)).await,
        [
            "answered 0",
            "answered 2",
            "answer on Ask: busy at 1",
            "answer on Ask: busy at 3"
        ]
    );
    let error = flow.run(5).await.unwrap_err();
    assert_eq!(error.to_string(), "handler `check` failed on `Ask`");
}

#[tokio::test]
async fn a_rescue_for_all_takes_the_errors_that_have_no_other() {
    let flow = flow! {
        start(u32) -> begin;
        when Ask -> answer -> check;
        rescue answer -> apologise;
        rescue -> log
    };
    assert_eq!(
        items(flow.stream(5)).await,
        [
            "answered 0",
            "answered 2",
            "answered 4",
            "answer on Ask: busy at 1",
            "answer on Ask: busy at 3",
            "handler `check` failed on `Ask`: four is too much"
        ]
    );
}

#[tokio::test]
async fn an_error_of_a_rescue_ends_the_execution() {
    #[handler]
    async fn give_up(failed: Failed) -> Result<(), BoxError> {
        Err(failed.error)
    }
    let flow = flow! { start(u32) -> check; rescue -> give_up };
    let error = flow.run(4).await.unwrap_err();
    assert_eq!(error.handler(), Some("give_up"));
}

#[derive(Clone, Debug, Event, PartialEq)]
struct Order {
    name: &'static str,
    amount: u32,
}

#[derive(Clone, Debug, Event, PartialEq)]
struct Refund(u32);

#[handler(emits = ["Order", "Refund"])]
async fn open(cx: &Cx) {
    cx.emit(Order {
        name: "tea",
        amount: 3,
    });
    cx.emit(Order {
        name: "coffee",
        amount: 4,
    });
    cx.emit(Refund(5));
}

#[handler]
async fn amount_of(order: Order) -> u32 {
    order.amount
}

#[handler]
async fn refuse_odd(n: u32, cx: &Cx) -> Result<(), Refused> {
    if n % 2 == 1 {
        return Err(Refused::Busy(n));
    }
    cx.put(format!("{n} is fine")).await;
    Ok(())
}

#[handler]
async fn apologise_for(failed: Failed<Refused, Order>, cx: &Cx) {
    cx.put(format!("no {}: {}", failed.cause.name, failed.error))
        .await;
}

#[tokio::test]
async fn the_event_that_caused_the_error_comes_with_it_also_from_a_later_stage() {
    let flow = flow! {
        start -> open;
        when Order -> amount_of -> refuse_odd;
        ignore Refund;
        rescue refuse_odd -> apologise_for
    };
    assert_eq!(
        items(flow.stream(())).await,
        ["4 is fine", "no tea: Busy(3)"]
    );
}

/// The possible causes of an error.
#[derive(Debug)]
enum Wish {
    Order(Order),
    Refund(Refund),
}

impl From<Order> for Wish {
    fn from(order: Order) -> Self {
        Self::Order(order)
    }
}

impl From<Refund> for Wish {
    fn from(refund: Refund) -> Self {
        Self::Refund(refund)
    }
}

#[handler]
async fn amount_back(Refund(n): Refund) -> u32 {
    n
}

#[handler]
async fn regret(failed: Failed<Refused, Wish>, cx: &Cx) {
    let event = failed.event.unwrap();
    cx.put(match failed.cause {
        Wish::Order(order) => format!("{event}: no {}", order.name),
        Wish::Refund(Refund(n)) => format!("{event}: no {n} back"),
    })
    .await;
}

#[tokio::test]
async fn a_handler_in_clauses_of_several_events_has_a_cause_that_is_made_of_each() {
    let flow = flow! {
        start -> open;
        when Order -> amount_of -> refuse_odd;
        when Refund -> amount_back -> refuse_odd;
        rescue refuse_odd -> regret
    };
    assert_eq!(
        items(flow.stream(())).await,
        ["4 is fine", "Order: no tea", "Refund: no 5 back"]
    );
}

#[tokio::test]
async fn a_rescue_for_all_may_ask_for_the_cause_too() {
    struct Told(String);
    impl From<u32> for Told {
        fn from(n: u32) -> Self {
            Self(format!("start({n})"))
        }
    }
    impl From<Ask> for Told {
        fn from(Ask(n): Ask) -> Self {
            Self(format!("Ask({n})"))
        }
    }
    #[handler]
    async fn log_cause(failed: Failed<BoxError, Told>, cx: &Cx) {
        cx.put(format!("{}: {}", failed.cause.0, failed.error))
            .await;
    }
    let flow = flow! {
        start(u32) -> begin;
        when Ask -> answer -> ignore;
        rescue -> log_cause
    };
    assert_eq!(
        items(flow.stream(2)).await,
        ["answered 0", "Ask(1): Busy(1)"]
    );
}

#[tokio::test]
async fn an_event_is_not_cloned_where_no_rescue_asks_for_the_cause() {
    #[derive(Event)]
    struct Once(u32);
    #[handler(emits = "Once")]
    async fn begin_once(n: u32, cx: &Cx) {
        cx.emit(Once(n));
    }
    #[handler]
    async fn answer_once(Once(n): Once) -> Result<(), Refused> {
        Err(Refused::Busy(n))
    }
    #[handler]
    async fn say(failed: Failed<Refused, ()>, cx: &Cx) {
        let () = failed.cause;
        cx.put("busy").await;
    }
    let flow = flow! {
        start(u32) -> begin_once;
        when Once -> answer_once;
        rescue answer_once -> say
    };
    assert_eq!(items(flow.stream(2)).await, ["busy"]);
}

#[tokio::test]
async fn an_event_that_other_threads_must_not_see_may_be_the_cause() {
    #[derive(Clone, Event)]
    struct Once(std::cell::Cell<u32>);
    #[handler(emits = "Once")]
    async fn begin_once(cx: &Cx) {
        cx.emit(Once(std::cell::Cell::new(9)));
    }
    #[handler]
    async fn refuse(once: Once) -> Result<(), Refused> {
        tokio::task::yield_now().await;
        Err(Refused::Busy(once.0.replace(0)))
    }
    #[handler]
    async fn tell_once(failed: Failed<Refused, Once>, cx: &Cx) {
        cx.put(failed.cause.0.get().to_string()).await;
    }
    let flow = flow! {
        start -> begin_once;
        when Once -> refuse;
        rescue refuse -> tell_once
    };
    assert_eq!(items(flow.stream(())).await, ["9"]);
}

#[tokio::test]
async fn the_cause_of_a_pair_is_both_events_and_errors_name_the_first() {
    #[handler]
    async fn match_up((order, Refund(n)): (Order, Refund)) -> Result<(), Refused> {
        Err(Refused::Busy(order.amount + n))
    }
    #[handler]
    async fn tell_both(failed: Failed<Refused, (Order, Refund)>, cx: &Cx) {
        let (order, Refund(n)) = &failed.cause;
        cx.put(format!("{}, {n}: {failed}", order.name)).await;
    }
    let flow = flow! {
        start -> open;
        when Order & Refund -> match_up else -> ignore;
        rescue match_up -> tell_both
    };
    assert_eq!(
        items(flow.stream(())).await,
        ["tea, 5: handler `match_up` failed on `Order`: Busy(8)"]
    );
}

mod elsewhere {
    pub(super) use super::answer;

    pub(super) mod deeper {
        use flow_core::{Cx, handler};

        #[handler(on = super::super::Ask)]
        pub(crate) async fn answer(cx: &Cx) {
            cx.put("another of that name").await;
        }
    }
}

#[allow(unused_qualifications, reason = "another path is the subject")]
#[tokio::test]
async fn a_rescued_handler_may_have_another_path_than_in_its_clause() {
    let flow = flow! {
        start(u32) -> begin;
        when Ask -> answer -> ignore;
        rescue elsewhere::answer -> apologise
    };
    let expected = ["answered 0", "answer on Ask: busy at 1"];
    assert_eq!(items(flow.stream(2)).await, expected);
}

#[tokio::test]
async fn handlers_of_one_name_may_take_one_event() {
    let flow = flow! {
        start(u32) -> begin;
        when Ask -> answer -> ignore;
        when Ask -> elsewhere::deeper::answer;
        rescue -> log
    };
    assert_eq!(
        items(flow.stream(1)).await,
        ["answered 0", "another of that name"]
    );
}

#[tokio::test]
async fn an_error_of_a_rescue_is_told_with_the_one_that_it_has_taken() {
    #[handler(timeout = "1s")]
    async fn refund(_failed: Failed<Refused>) -> flow_core::Result<()> {
        Err("the bank is closed".into())
    }
    let flow = flow! {
        start(u32) -> begin;
        when Ask -> answer -> ignore;
        rescue answer -> refund
    };
    let error = flow.run(2).await.unwrap_err();
    assert_eq!(error.handler(), Some("refund"));
    let rescued = error.rescued().unwrap();
    assert_eq!(
        (rescued.handler(), rescued.event()),
        (Some("answer"), Some("Ask"))
    );
    assert_eq!(
        error.to_string(),
        "handler `refund` failed in a rescue; \
         it was called because handler `answer` failed on `Ask`"
    );
    assert_eq!(
        format!("{error:#}"),
        "handler `refund` failed in a rescue: the bank is closed; \
         it was called because handler `answer` failed on `Ask`: Busy(1)"
    );
    assert!(rescued.rescued().is_none());
}

#[tokio::test]
async fn a_panic_in_a_rescue_is_told_with_the_error_that_it_has_taken() {
    #[handler]
    async fn break_down(_failed: Failed) {
        tokio::task::yield_now().await;
        panic!("a handler of a test panics");
    }
    let flow = flow! { start(u32) -> check; rescue -> break_down };
    let error = flow.run(4).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    assert_eq!(
        format!("{error:#}"),
        "handler `break_down` panicked in a rescue: a handler of a test panics; \
         it was called because handler `check` failed on start: four is too much"
    );
}

#[tokio::test(start_paused = true)]
async fn a_timeout_that_a_failing_rescue_has_taken_stays_a_timeout() {
    #[handler(timeout = "1s")]
    async fn hang() {
        std::future::pending::<()>().await;
    }
    #[handler]
    async fn give_up(failed: Failed) -> Result<u32, BoxError> {
        Err(failed.error)
    }
    let error = flow! { start -> hang; rescue hang -> give_up -> ignore }.run(());
    let error = error.await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!(error.rescued().unwrap().kind(), FlowErrorKind::TimedOut);

    // In a branch of the rescue, too.
    #[handler]
    async fn number(_failed: Failed) -> u32 {
        4
    }
    #[handler]
    async fn wait_for_ever(_n: u32) {
        std::future::pending::<()>().await;
    }
    let flow = flow! {
        start -> hang;
        rescue hang -> number -> (check, wait_for_ever) -> ignore
    };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.handler(), Some("check"));
    assert_eq!(error.rescued().unwrap().kind(), FlowErrorKind::TimedOut);
}

#[tokio::test]
async fn an_error_beside_a_rescue_is_told_alone() {
    #[handler]
    async fn fine(_failed: Failed<Refused>) {}
    let flow = flow! {
        start(u32) -> begin;
        when Ask -> answer -> check;
        rescue answer -> fine
    };
    let error = flow.run(5).await.unwrap_err();
    assert_eq!(error.handler(), Some("check"));
    assert!(error.rescued().is_none());
}
