//! A durable flow takes the elements of each collection whose order is certain, eight deep, and
//! records those of others. Its handlers loop.
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, VecDeque};
use std::time::Duration;

use flow_core::{Cx, Event, Result, flow, handler};
use serde::{Deserialize, Serialize};

#[derive(Clone, Event, Serialize, Deserialize)]
struct Paid(u32);

type Deep = [[[[[[[[u8; 1]; 1]; 1]; 1]; 1]; 1]; 1]; 1];

#[handler(emits = Paid)]
async fn begin(cx: &Cx) -> u32 {
    let mut count = 0;
    loop {
        cx.emit(Paid(count));
        count += 1;
        if count > 3 {
            break count;
        }
    }
}
#[handler]
async fn wait(_paid: Paid) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
}
#[handler]
async fn number(_number: u32) -> u32 {
    1
}
#[handler]
async fn many(paid: Paid) -> Result<BTreeMap<u32, VecDeque<u32>>> {
    Ok([(paid.0, [1].into())].into())
}
#[handler]
async fn some(paid: Paid) -> Option<u32> {
    Some(paid.0)
}
#[handler]
async fn set(paid: Paid) -> BTreeSet<u32> {
    [paid.0].into()
}
#[handler]
async fn by_number(paid: Paid) -> HashMap<u32, HashSet<u32>> {
    [(paid.0, [1].into())].into()
}
/// A collection of one's own.
#[derive(Serialize, Deserialize)]
struct Shuffled(Vec<u32>);
impl IntoIterator for Shuffled {
    type Item = u32;
    type IntoIter = std::vec::IntoIter<u32>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
#[handler]
async fn shuffled(paid: Paid) -> Shuffled {
    Shuffled(vec![paid.0])
}
#[handler]
async fn array(paid: Paid) -> [u32; 2] {
    [paid.0, 0]
}
#[handler]
async fn deep(_paid: Paid) -> Deep {
    [[[[[[[[1]]]]]]]]
}
#[handler]
async fn byte(_byte: u8) {}
#[handler]
async fn all(_all: Vec<u32>) {}
const TABLE: &[u32] = &[1, 2];

fn main() {
    let _ = flow! {
        durable;
        start -> begin -> |count| 0..count -> each number[2] -> each number -> all;
        when Paid -> wait;
        when Paid -> many -> each (|(_, list)| list -> each number) -> ignore;
        when Paid -> some -> each number -> ignore;
        when Paid -> set -> each number -> ignore;
        when Paid -> array -> each number -> ignore;
        when Paid -> by_number -> each (|(_, set)| set -> each number -> each number) -> ignore;
        when Paid -> shuffled -> each number -> each number -> ignore;
        when Paid -> |paid| BinaryHeap::from([paid.0]) -> each number -> ignore;
        when Paid -> |_paid| TABLE -> each (|n| *n -> number) -> ignore;
        when Paid -> deep -> each (each (each (each (each (each (each (each byte))))))) -> ignore
    };
}
