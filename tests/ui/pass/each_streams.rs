//! `each` over streams, and several in a row: with references, boxed errors, a stream of a named
//! type, joins, flows as stages, and an iterator before.
#![forbid(unused)]
use std::error::Error;

use flow_core::{Cx, FlowError, ItemsOf, flow, handler};
use futures::stream::{self, BoxStream, Empty, Iter, StreamExt};

#[handler]
async fn words() -> ItemsOf<BoxStream<'static, &'static str>> {
    ItemsOf(stream::iter(["to", "be"]).boxed())
}

#[handler]
async fn none() -> ItemsOf<Empty<String>> {
    ItemsOf(stream::empty())
}

#[handler]
async fn may_fail() -> Result<ItemsOf<Iter<std::vec::IntoIter<u8>>>, Box<dyn Error + Send + Sync>> {
    Ok(ItemsOf(stream::iter(vec![1, 2])))
}

#[handler]
async fn length(word: &'static str) -> Result<usize, std::num::ParseIntError> {
    Ok(word.len() + "1".parse::<usize>()?)
}

#[handler]
async fn same(word: &'static str) -> &'static str {
    word
}

#[handler]
async fn shout(word: String, cx: &Cx) -> String {
    cx.put(word.clone()).await;
    word
}

#[handler]
async fn add((a, b): (usize, usize)) -> usize {
    a + b
}

#[handler]
async fn double(n: u8) -> Box<u8> {
    Box::new(n * 2)
}

#[handler]
async fn unbox(n: Box<u8>) -> Result<Option<u8>, FlowError> {
    Ok(Some(*n))
}

#[handler]
async fn nothing() -> Vec<Option<u8>> {
    Vec::new()
}

flow! {
    /// A word twice.
    flow Twice(&'static str) -> &'static str;
    start -> same -> end
}

fn main() {
    let _ = flow! { start -> words -> each Twice[2] -> each same -> each length[1] -> ignore };
    let _ = flow! { start -> words -> each (length, length)[2] -> each add -> ignore };
    let _ = flow! { start -> none -> each shout -> each shout[2] -> each shout -> ignore };
    let _ = flow! {
        start -> (may_fail -> each double[2] -> each (unbox else skip)) else nothing -> ignore
    };
    let _ = flow! {
        start -> (words -> each (same -> length) -> ignore, none -> each shout -> ignore) -> ignore
    };
}
