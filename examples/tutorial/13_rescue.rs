//! Errors: `rescue a -> b` passes an error of `a` to `b`, and the execution goes on.
//!
//! `b` gets the error with its own type, and the name of the handler. `rescue -> b` takes the
//! errors of all handlers without a rescue of their own.
//!
//! `cargo run --example 13_rescue` prints
//!
//! ```text
//! 20 euros for Ada
//! 50 euros for Ida
//! would Bob like a credit of 20 euros?
//! handler `read` failed on `Withdrawal`: invalid digit found in string
//! ```

use std::fmt;
use std::num::ParseIntError;

use flow_core::{Cx, Event, Failed, Result, flow, handler};
use futures::TryStreamExt;

#[derive(Event)]
struct Withdrawal {
    account: &'static str,
    amount: &'static str,
}

#[derive(Debug)]
struct Overdrawn {
    account: &'static str,
    missing: u32,
}

impl fmt::Display for Overdrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is short of {} euros", self.account, self.missing)
    }
}

impl std::error::Error for Overdrawn {}

#[handler(emits = Withdrawal)]
async fn open_the_counter(cx: &Cx) {
    for (account, amount) in [("Ada", "20"), ("Bob", "70"), ("Eve", "lots"), ("Ida", "50")] {
        cx.emit(Withdrawal { account, amount });
    }
}

#[handler(on = Withdrawal)]
async fn read(form: Withdrawal) -> Result<(&'static str, u32), ParseIntError> {
    Ok((form.account, form.amount.parse()?))
}

#[handler]
async fn pay_out((account, euros): (&'static str, u32), cx: &Cx) -> Result<(), Overdrawn> {
    let missing = euros.saturating_sub(50);
    if missing > 0 {
        return Err(Overdrawn { account, missing });
    }
    cx.put(format!("{euros} euros for {account}")).await;
    Ok(())
}

#[handler]
async fn offer_credit(failed: Failed<Overdrawn>, cx: &Cx) {
    let Overdrawn { account, missing } = failed.error;
    cx.put(format!("would {account} like a credit of {missing} euros?"))
        .await;
}

#[handler]
async fn call_for_help(failed: Failed, cx: &Cx) {
    cx.put(failed.to_string()).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let bank = flow! {
        start -> open_the_counter;
        when Withdrawal -> read -> pay_out;
        rescue pay_out -> offer_credit;
        rescue -> call_for_help
    };

    let mut lines = bank.stream(());
    while let Some(line) = lines.try_next().await? {
        println!("{line}");
    }
    Ok(())
}
