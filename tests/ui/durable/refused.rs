//! What a durable flow cannot have yet, each with the reason.
use std::time::Duration;

use flow_core::{Cx, Event, ItemsOf, Res, Result, flow, handler};
use futures::stream::{self, BoxStream, StreamExt};
use serde::{Deserialize, Serialize};

#[derive(Clone, Event, Serialize, Deserialize)]
struct Paid {
    order: u32,
}
#[derive(Clone, Event, Serialize, Deserialize)]
struct Packed {
    order: u32,
}
struct Session;

#[handler(emits = [Paid, Packed])]
async fn begin(cx: &Cx) {
    cx.emit(Paid { order: 1 });
    cx.emit(Packed { order: 1 });
}
#[handler]
async fn open() -> Result<Session> {
    Ok(Session)
}
#[handler]
async fn log(_paid: Paid, _session: Res<Session>) {}
#[handler]
async fn deep() -> [[[[[[[[[u8; 1]; 1]; 1]; 1]; 1]; 1]; 1]; 1]; 1] {
    [[[[[[[[[0]]]]]]]]]
}
#[handler]
async fn number(_number: u32) {}
#[handler]
async fn byte(_byte: u8) {}

/// Has serde's traits, and its elements have not.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "Vec<u8>", into = "Vec<u8>")]
struct Shuffled(Vec<u8>);
impl From<Vec<u8>> for Shuffled {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}
impl From<Shuffled> for Vec<u8> {
    fn from(shuffled: Shuffled) -> Self {
        shuffled.0
    }
}
struct Card(u8);
impl IntoIterator for Shuffled {
    type Item = Card;
    type IntoIter = std::iter::Map<std::vec::IntoIter<u8>, fn(u8) -> Card>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().map(Card)
    }
}
#[handler]
async fn shuffle() -> Shuffled {
    Shuffled(Vec::new())
}
#[handler]
async fn deal(card: Card) -> u8 {
    card.0
}
#[handler]
async fn lines(_packed: Packed) -> u8 {
    3
}
fn read(count: u8) -> ItemsOf<BoxStream<'static, u8>> {
    ItemsOf(stream::iter(0..count).boxed())
}

flow! {
    flow Review(Paid);
    start -> log_paid
}
#[handler]
async fn log_paid(_paid: Paid) {}

#[handler(emits = Paid)]
async fn beat(cx: &Cx) {
    cx.put("begun".to_owned()).await;
    loop {
        cx.emit(Paid { order: 1 });
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

fn main() {
    let _ = flow! { durable; with Session = open; start(Paid) -> log };
    let _ = flow! {
        durable;
        start -> deep -> each (each (each (each (each (each (each (each (each byte))))))))
            -> ignore
    };
    let _ = flow! {
        durable;
        start -> begin;
        when Paid -> log_paid;
        when Packed -> match { Packed { order } => |order| vec![order] -> each number } -> ignore;
        when Packed -> lines -> |count| read(count) -> each byte -> ignore
    };
    let _ = flow! { durable; start -> shuffle -> each deal -> ignore };
    let _ = flow! { durable; start(Paid) -> Review };
    let _ = flow! { durable; start -> beat; when Paid -> log_paid };
}
