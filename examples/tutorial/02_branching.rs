//! Branching: `match` on a value, and `if … else` on an event.
//!
//! The handler of an arm gets the values that the arm binds. A flow that misses a case, an arm or
//! an `else`, does not compile.
//!
//! `cargo run --example 02_branching` prints
//!
//! ```text
//! to Ada: we open at nine
//! to the manager: Bob wants 300 euros back
//! to Eve: your 20 euros are on their way
//! ```

use flow_core::{Cx, Event, Result, flow, handler};
use futures::TryStreamExt;

enum Mail {
    Question(&'static str),
    Complaint(&'static str, u32),
    Advertisement,
}

#[derive(Event)]
struct Claim {
    from: &'static str,
    euros: u32,
}

#[handler]
async fn answer(from: &'static str) -> String {
    format!("to {from}: we open at nine")
}

#[handler(emits = Claim)]
async fn claim((from, euros): (&'static str, u32), cx: &Cx) {
    cx.emit(Claim { from, euros });
}

#[handler(on = Claim)]
async fn pay(Claim { from, euros }: Claim) -> String {
    format!("to {from}: your {euros} euros are on their way")
}

#[handler(on = Claim)]
async fn ask_the_manager(Claim { from, euros }: Claim) -> String {
    format!("to the manager: {from} wants {euros} euros back")
}

#[handler]
async fn send(letter: String, cx: &Cx) {
    cx.put(letter).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let desk = flow! {
        start(Mail) -> match {
            Mail::Question(from) => answer -> send,
            Mail::Complaint(from, euros) => claim,
            Mail::Advertisement => ignore
        };
        when Claim { euros, .. } if euros > 100 -> ask_the_manager -> send
            else -> pay -> send
    };

    for mail in [
        Mail::Question("Ada"),
        Mail::Complaint("Bob", 300),
        Mail::Advertisement,
        Mail::Complaint("Eve", 20),
    ] {
        let mut letters = desk.stream(mail);
        while let Some(letter) = letters.try_next().await? {
            println!("{letter}");
        }
    }
    Ok(())
}
