//! States that are read and written around an `.await`, where no update of another call is lost.
use flow_core::{Cx, Event, State, flow, handler};

#[derive(Event, Clone)]
struct Paid(u32);
#[derive(Event, Clone)]
struct Again;

#[derive(Default)]
struct Total {
    sum: u32,
    last: u32,
    next: u32,
    done: Vec<u32>,
}

async fn convert(amount: u32) -> u32 {
    tokio::task::yield_now().await;
    amount
}

#[handler]
async fn split(n: u32) -> Vec<u32> {
    vec![n, n]
}
#[handler(emits = Paid)]
async fn pay(n: u32, cx: &Cx) {
    for n in 0..n {
        cx.emit(Paid(n));
    }
}
#[handler(emits = Again)]
async fn begin(_: u32, cx: &Cx) {
    cx.emit(Again);
}

/// One `with` after the wait.
#[handler]
async fn add(n: u32, total: State<Total>) {
    let amount = convert(n).await;
    total.with(|total| total.sum += amount);
}
/// A number that is given out before, and other fields after.
#[handler]
async fn work(n: u32, total: State<Total>) {
    let id = total.with(|total| {
        total.next += 1;
        total.next
    });
    let amount = convert(n + id).await;
    total.with(|total| {
        total.done.push(id);
        total.last = amount;
    });
}
/// It compares before it writes.
#[handler]
async fn compare(n: u32, total: State<Total>) {
    loop {
        let seen = total.with(|total| total.sum);
        let sum = seen + convert(n).await;
        let written = total.with(|total| {
            let same = total.sum == seen;
            if same {
                total.sum = sum;
            }
            same
        });
        if written {
            break;
        }
    }
}
/// One call at a time.
#[handler(concurrency = 1)]
async fn in_turn(Paid(n): Paid, total: State<Total>) {
    let sum = total.with(|total| total.sum);
    let amount = convert(n).await;
    total.with(|total| total.sum = sum + amount);
}
/// It writes back, and the flows that use it run one at a time.
#[handler]
async fn write_back(n: u32, total: State<Total>) {
    let sum = total.with(|total| total.sum);
    let amount = convert(n).await;
    total.with(|total| total.sum = sum + amount);
}
#[handler(emits = Again)]
async fn round(_: Again, cx: &Cx, total: State<Total>) {
    let sum = total.with(|total| total.sum);
    let amount = convert(sum).await;
    total.with(|total| total.sum = sum + amount);
    if amount > 100 {
        cx.emit(Again);
    }
}

fn main() {
    let _ = flow! { sound; state Total; start(u32) -> split -> each add };
    let _ = flow! { sound; state Total; start(u32) -> split -> each work };
    let _ = flow! { sound; state Total; start(u32) -> split -> each compare };
    let _ = flow! { sound; state Total; start(u32) -> pay; when Paid -> in_turn };
    let _ = flow! { sound; state Total; start(u32) -> split -> each write_back[1] };
    let _ = flow! { sound; state Total; start(u32) -> write_back };
    let _ = flow! { sound; state Total; start(u32) -> begin; when Again -> round };
    // Without `sound;`, it is allowed.
    let _ = flow! { state Total; start(u32) -> split -> each write_back };
}
