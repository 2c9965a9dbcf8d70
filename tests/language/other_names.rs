//! Parameters whose types have other names: the types decide what they are.

use std::fmt;

use flow_core::{Cx, Event, Failed, Failed as Fault, Res, State, flow, handler};

use crate::items;

#[derive(Clone, Debug, PartialEq)]
struct Query(u32);

#[derive(Debug)]
struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("too large")
    }
}

impl std::error::Error for TooLarge {}

type Lost = Failed<TooLarge, Query>;
type WithoutCause = Failed<TooLarge>;
type WithUnit = Failed<TooLarge, ()>;

#[handler]
async fn fetch(Query(number): Query) -> Result<u32, TooLarge> {
    if number > 9 {
        return Err(TooLarge);
    }
    Ok(number)
}

#[handler]
async fn from_lost(lost: Lost) -> u32 {
    lost.cause.0 * 10
}

#[handler]
async fn from_fault(fault: Fault<TooLarge, Query>) -> u32 {
    fault.cause.0 * 100
}

#[handler]
async fn without_cause(_failed: WithoutCause) -> u32 {
    1
}

#[handler]
async fn with_unit(_failed: WithUnit) -> u32 {
    2
}

#[tokio::test]
async fn a_failure_under_another_name_has_its_cause() {
    let lost = flow! { start(Query) -> fetch else from_lost -> end };
    assert_eq!(lost.stream(Query(12)).output().await.unwrap(), 120);
    assert_eq!(lost.stream(Query(7)).output().await.unwrap(), 7);
    let fault = flow! { start(Query) -> fetch else from_fault -> end };
    assert_eq!(fault.stream(Query(12)).output().await.unwrap(), 1_200);
}

#[tokio::test]
async fn a_failure_under_another_name_may_have_no_cause() {
    /// It cannot be cloned for a cause.
    struct Once(u32);

    #[handler]
    async fn fetch_once(Once(number): Once) -> Result<u32, TooLarge> {
        if number > 9 {
            return Err(TooLarge);
        }
        Ok(number)
    }

    let plain = flow! { start(Once) -> fetch_once else without_cause -> end };
    assert_eq!(plain.stream(Once(12)).output().await.unwrap(), 1);
    let unit = flow! { start(Once) -> fetch_once else with_unit -> end };
    assert_eq!(unit.stream(Once(12)).output().await.unwrap(), 2);
}

#[tokio::test]
async fn a_rescue_takes_a_failure_under_another_name() {
    #[derive(Clone, Event)]
    struct Ask(u32);

    impl From<Ask> for Query {
        fn from(Ask(number): Ask) -> Self {
            Self(number)
        }
    }

    #[handler(emits = Ask)]
    async fn begin(cx: &Cx) {
        cx.emit(Ask(12));
    }

    #[handler]
    async fn answer(Ask(number): Ask) -> Result<(), TooLarge> {
        if number > 9 {
            return Err(TooLarge);
        }
        Ok(())
    }

    #[handler]
    async fn report(lost: Lost, cx: &Cx) {
        cx.put(format!("{:?}: {}", lost.cause, lost.error)).await;
    }

    let flow = flow! {
        start -> begin;
        when Ask -> answer;
        rescue answer -> report
    };
    assert_eq!(items(flow.stream(())).await, ["Query(12): too large"]);
}

#[tokio::test]
async fn two_parameters_may_be_of_one_type_under_two_names() {
    struct Llm(u32);

    type Model = Res<Llm>;
    type Shared = Model;
    type Count = State<u32>;

    #[handler]
    async fn sum(one: Res<Llm>, two: Model, three: Shared, n: Count, m: State<u32>) -> u32 {
        n.with(|n| *n += 1);
        one.0 + two.0 + three.0 + m.with(|m| *m)
    }

    #[handler]
    async fn of_names_alone(one: Model, two: Shared) -> u32 {
        one.0 * two.0
    }

    let flow = flow! { with Llm; state u32; start -> sum -> end };
    assert_eq!(flow.with(Llm(5)).stream(()).output().await.unwrap(), 16);
    let flow = flow! { with Llm; start -> of_names_alone -> end };
    assert_eq!(flow.with(Llm(5)).stream(()).output().await.unwrap(), 25);
}
