//! Resources and state: two ways for handlers to share data.
//!
//! You give a flow its resources (`with T;`) once, and all its executions read them; a program that
//! gives none does not compile. Each execution has its own state (`state T;`), which its handlers
//! change.
//!
//! `cargo run --example 10_resources_and_state` prints
//!
//! ```text
//! bread: 3 euros
//! cheese: 8 euros
//! caviar: we have none
//! 11 euros, please
//! bread: 3 euros
//! 3 euros, please
//! ```

use std::collections::HashMap;

use flow_core::{Cx, Event, Res, Result, State, flow, handler};
use futures::TryStreamExt;

struct Prices(HashMap<&'static str, u32>);

#[derive(Default)]
struct Bill {
    euros: u32,
}

#[derive(Event)]
struct Scan(&'static str);

#[derive(Event)]
struct Pay;

#[handler(emits = [Scan, Pay])]
async fn unload(basket: Vec<&'static str>, cx: &Cx) {
    for article in basket {
        cx.emit(Scan(article));
    }
    cx.emit(Pay);
}

#[handler(on = Scan)]
async fn add(Scan(article): Scan, cx: &Cx, prices: Res<Prices>, bill: State<Bill>) {
    match prices.0.get(article) {
        Some(price) => {
            bill.with(|bill| bill.euros += price);
            cx.put(format!("{article}: {price} euros")).await;
        }
        None => cx.put(format!("{article}: we have none")).await,
    }
}

#[handler(on = Pay)]
async fn settle(cx: &Cx, bill: State<Bill>) {
    let euros = bill.with(|bill| bill.euros);
    cx.put(format!("{euros} euros, please")).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let till = flow! {
        with Prices;
        state Bill;
        start(Vec<&'static str>) -> unload;
        when Scan -> add;
        when Pay -> settle
    };
    let till = till.with(Prices(HashMap::from([("bread", 3), ("cheese", 8)])));

    for basket in [vec!["bread", "cheese", "caviar"], vec!["bread"]] {
        let mut lines = till.stream(basket);
        while let Some(line) = lines.try_next().await? {
            println!("{line}");
        }
    }
    Ok(())
}
