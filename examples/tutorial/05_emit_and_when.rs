//! Emit and when: an event goes to every clause that takes it.
//!
//! `emit` does not wait for the handlers. Several clauses may take the same event; `A & B` waits
//! for one of each, `A | B` takes either.
//!
//! `cargo run --example 05_emit_and_when` prints
//!
//! ```text
//! stock: one teapot less
//! invoice for the teapot
//! the teapot leaves the house
//! customer: your teapot is paid
//! customer: your teapot is on its way
//! ```

use flow_core::{Cx, Event, Result, flow, handler};
use futures::TryStreamExt;

// Each clause gets one of its own: hence `Clone`.
#[derive(Event, Clone)]
struct Paid(&'static str);

#[derive(Event, Clone)]
struct Packed(&'static str);

#[derive(Event)]
struct Shipped(&'static str);

#[handler(emits = [Paid, Packed])]
async fn sell(article: &'static str, cx: &Cx) {
    cx.emit(Packed(article));
    cx.emit(Paid(article));
}

#[handler(on = Packed)]
async fn count_stock(Packed(article): Packed, cx: &Cx) {
    cx.put(format!("stock: one {article} less")).await;
}

#[handler(on = Paid)]
async fn write_invoice(Paid(article): Paid, cx: &Cx) {
    cx.put(format!("invoice for the {article}")).await;
}

#[handler(emits = Shipped)]
async fn ship((Paid(article), Packed(_)): (Paid, Packed), cx: &Cx) {
    cx.put(format!("the {article} leaves the house")).await;
    cx.emit(Shipped(article));
}

/// Both events convert into this.
struct News(String);

impl From<Paid> for News {
    fn from(Paid(article): Paid) -> Self {
        Self(format!("your {article} is paid"))
    }
}

impl From<Shipped> for News {
    fn from(Shipped(article): Shipped) -> Self {
        Self(format!("your {article} is on its way"))
    }
}

#[handler(on = [Paid, Shipped])]
async fn notify(News(text): News, cx: &Cx) {
    cx.put(format!("customer: {text}")).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let shop = flow! {
        // The compiler proves that `Paid` and `Packed` come in pairs.
        sound;
        start(&'static str) -> sell;
        when Packed -> count_stock;
        when Paid -> write_invoice;
        when Paid & Packed -> ship;
        when Paid | Shipped -> notify
    };

    let mut lines = shop.stream("teapot");
    while let Some(line) = lines.try_next().await? {
        println!("{line}");
    }
    Ok(())
}
