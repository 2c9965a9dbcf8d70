//! The context, resources and states under other names: the types decide what a parameter is.
#![deny(warnings)]

use flow_core::{BoxError, Cx as Context, Event, Res as Resource, Result, State, flow, handler};
use futures::StreamExt;

struct Model(u8);
struct Order(u8);
#[derive(Clone)]
struct Number(u8);

#[derive(Clone, Event)]
struct A(u8);
#[derive(Clone, Event)]
struct B(u8);

struct Either(u8);
impl From<A> for Either {
    fn from(a: A) -> Self {
        Self(a.0)
    }
}
impl From<B> for Either {
    fn from(b: B) -> Self {
        Self(b.0)
    }
}

type Llm = Resource<Model>;
type Sum = State<u8>;
type C = Context;
type Whole = Order;
macro_rules! model {
    () => { Resource<Model> };
}

#[handler(emits = [A, B])]
async fn begin(llm: Llm, cx: &Context) -> Order {
    cx.emit(A(llm.0));
    cx.emit(B(1));
    Order(llm.0)
}

#[handler]
async fn only(_: Llm) {}

#[handler]
async fn order(order: Whole, llm: Resource<Model>, cx: &C, sum: Sum) {
    sum.with(|sum| *sum += order.0);
    cx.put(format!("order {} of {}", order.0, llm.0)).await;
}

// No parameter takes the events.
#[handler(on = [A, B], timeout = "1s", retry(attempts = 2))]
async fn counts(llm: Llm, sum: Sum) -> Result<()> {
    sum.with(|sum| *sum += llm.0);
    Ok(())
}

#[handler(on = [A, B])]
async fn either(event: Either, llm: Llm, sum: Sum) -> Result<()> {
    sum.with(|sum| *sum += llm.0 + event.0);
    Ok(())
}

#[handler(on = A)]
async fn adds(sum: Sum, A(n): A, llm: model!()) -> Number {
    sum.with(|sum| *sum += 1);
    Number(n + llm.0)
}

#[handler(timeout = "1s", retry(attempts = 2))]
async fn again(number: Number, _sum: Sum) -> Result<Number, BoxError> {
    Ok(number)
}

#[handler]
async fn says(cx: &C, number: Number) {
    cx.put(format!("number {}", number.0)).await;
}

fn main() {
    let flow = flow! {
        with Model;
        state u8;
        start -> begin -> order;
        when A -> only;
        when A | B -> counts;
        when A | B -> either;
        when A -> adds -> again -> says
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let items = flow.with(Model(3)).stream(()).map(Result::unwrap);
    let items: Vec<_> = runtime.unwrap().block_on(items.collect());
    assert_eq!(items, ["order 3 of 3", "number 6"]);
}
