//! A side branch: a second `when` for the same event, alongside the main line.
//!
//! The main line neither waits for the side branch nor sees its values. The execution ends when
//! both have ended, also if the main line has an `end`. (`end now` would drop the side branch.)
//!
//! `cargo run --example 09_side_branch` prints
//!
//! ```text
//! parcel 7 goes to Lisbon
//! parcel 7 has arrived
//! ledger: parcel 7, 12 euros
//! ```

use std::time::Duration;

use flow_core::{Cx, Event, Result, flow, handler};
use futures::TryStreamExt;
use tokio::time::sleep;

#[derive(Event, Clone)]
struct Accepted {
    parcel: u32,
    to: &'static str,
    euros: u32,
}

#[handler(emits = Accepted)]
async fn accept(parcel: u32, cx: &Cx) {
    cx.emit(Accepted {
        parcel,
        to: "Lisbon",
        euros: 12,
    });
}

#[handler(on = Accepted)]
async fn dispatch(Accepted { parcel, to, .. }: Accepted, cx: &Cx) -> u32 {
    cx.put(format!("parcel {parcel} goes to {to}")).await;
    parcel
}

#[handler]
async fn deliver(parcel: u32, cx: &Cx) {
    sleep(Duration::from_secs(60)).await;
    cx.put(format!("parcel {parcel} has arrived")).await;
}

#[handler(on = Accepted)]
async fn keep_books(Accepted { parcel, euros, .. }: Accepted, cx: &Cx) {
    sleep(Duration::from_secs(90)).await;
    cx.put(format!("ledger: parcel {parcel}, {euros} euros"))
        .await;
}

// The clock of this program jumps ahead whenever all tasks sleep.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<()> {
    let post = flow! {
        start(u32) -> accept;
        when Accepted -> dispatch -> deliver;
        when Accepted -> keep_books
    };

    let mut lines = post.stream(7);
    while let Some(line) = lines.try_next().await? {
        println!("{line}");
    }
    Ok(())
}
