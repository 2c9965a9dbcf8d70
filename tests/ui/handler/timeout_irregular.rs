// A `timeout` with a part of a unit, with a unit that comes twice, and with units out of order.
use flow_core::handler;

#[handler(timeout = "1.5s")]
async fn part() {}

#[handler(timeout = "1s 1s")]
async fn twice() {}

#[handler(timeout = "1s1m")]
async fn out_of_order() {}

fn main() {}
