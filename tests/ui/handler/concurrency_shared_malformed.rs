// A shared `concurrency` that lacks something, or has too much.
use flow_core::handler;

#[handler(concurrency(4))]
async fn not_shared() {}

#[handler(concurrency())]
async fn empty() {}

#[handler(concurrency(shared))]
async fn no_number() {}

#[handler(concurrency(shared, 4))]
async fn the_wrong_way_round() {}

#[handler(concurrency(4 shared))]
async fn no_comma() {}

#[handler(concurrency(4,))]
async fn nothing_after_the_comma() {}

#[handler(concurrency(4, global))]
async fn another_word() {}

#[handler(concurrency(4, shared, fair))]
async fn too_much() {}

#[handler(concurrency("4", shared))]
async fn not_a_number() {}

#[handler(concurrency(4, shared) timeout = "1s")]
async fn no_comma_after_it() {}

#[handler(concurrency = 4, shared)]
async fn another_form() {}

fn main() {}
