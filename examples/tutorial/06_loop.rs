//! A bounded loop: an event that is emitted again, and an `if` that counts the turns.
//!
//! Clauses may lead back to each other. A loop takes the same memory however many turns it makes.
//!
//! `cargo run --example 06_loop` prints
//!
//! ```text
//! I think of 37
//! 50? less
//! 25? more
//! 37? it is 37
//! I think of 99
//! 50? more
//! 75? more
//! 88? more
//! 94? I give up
//! ```

use std::cmp::Ordering;

use flow_core::{Cx, Event, Result, flow, handler};
use futures::TryStreamExt;

#[derive(Event)]
struct Guess {
    secret: u32,
    low: u32,
    high: u32,
    turn: u32,
}

impl Guess {
    fn number(&self) -> u32 {
        u32::midpoint(self.low, self.high)
    }
}

#[handler(emits = Guess)]
async fn begin(secret: u32, cx: &Cx) {
    cx.emit(Guess {
        secret,
        low: 1,
        high: 100,
        turn: 1,
    });
}

#[handler(on = Guess, emits = Guess)]
async fn narrow(mut guess: Guess, cx: &Cx) {
    let number = guess.number();
    match guess.secret.cmp(&number) {
        Ordering::Less => guess.high = number - 1,
        Ordering::Greater => guess.low = number + 1,
        Ordering::Equal => return cx.put(format!("{number}? it is {number}")).await,
    }
    let hint = if guess.secret < number {
        "less"
    } else {
        "more"
    };
    cx.put(format!("{number}? {hint}")).await;
    guess.turn += 1;
    cx.emit(guess);
}

#[handler(on = Guess)]
async fn give_up(guess: Guess, cx: &Cx) {
    cx.put(format!("{}? I give up", guess.number())).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let game = flow! {
        start(u32) -> begin;
        when Guess { turn, .. } if turn <= 3 -> narrow else -> give_up
    };

    for secret in [37, 99] {
        println!("I think of {secret}");
        let mut lines = game.stream(secret);
        while let Some(line) = lines.try_next().await? {
            println!("{line}");
        }
    }
    Ok(())
}
