// Parameters under other names, where the types decide what is wrong.
use flow_core::{Cx as Context, Event, Res as Resource, State, flow, handler};

struct Model(u8);
struct Order(u8);

#[derive(Event)]
struct Paid;

type Llm = Resource<Model>;
type Sum = State<u8>;

#[handler]
async fn owned(cx: Context) {
    let _ = cx;
}

#[handler]
async fn two(first: Order, llm: Llm, second: Order) {
    let _ = (first.0, llm.0, second.0);
}

#[handler]
async fn borrowed(order: &Order) {
    let _ = order.0;
}

#[handler(emits = Paid)]
async fn pay(llm: Llm, sum: Sum, cx: &Context) -> Order {
    cx.emit(Paid);
    Order(llm.0 + sum.with(|sum| *sum))
}

#[handler(on = Paid)]
async fn ship(order: Order, _: Llm) {
    let _ = order;
}

fn main() {
    let _ = flow! { start -> pay -> ignore; when Paid -> ship };
    let _ = flow! { start -> owned };
    let _ = flow! { start -> borrowed };
    let _ = flow! { with Model; start(Order) -> two };
}
