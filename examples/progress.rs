//! A flow's items in a program that is not async: `cargo run --example progress`.
//!
//! On a terminal they move a progress bar; in a pipe each is a line.

use std::io::{IsTerminal, Write, stdout};
use std::time::Duration;

use flow_core::{Cx, Result, flow, handler};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const STEPS: u64 = 3;

pub(crate) struct Progress {
    step: u64,
    status: &'static str,
}

#[handler(streams = Progress)]
async fn stream_steps(cx: &Cx) {
    for step in 1..=STEPS {
        let status = "working";
        cx.put(Progress { step, status }).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

flow! {
    /// Some steps, each of which takes a while.
    pub(crate) flow Steps streams Progress;
    start -> stream_steps
}

fn progress() -> Result<()> {
    let bar = bar();
    for item in Steps::new().blocking_iter(()) {
        let Progress { step, status } = item?;
        match &bar {
            Some(bar) => {
                bar.set_message(status);
                bar.set_position(step);
            }
            None => writeln!(stdout(), "[stream] step {step} of {STEPS}: {status}")?,
        }
    }
    match bar {
        Some(bar) => bar.finish_with_message("done"),
        None => writeln!(stdout(), "[stream] end")?,
    }
    Ok(())
}

fn main() {
    examples::exit(progress())
}

/// A progress bar, if the output is a terminal.
fn bar() -> Option<ProgressBar> {
    if !stdout().is_terminal() {
        return None;
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}").ok()?;
    let bar = ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stdout());
    Some(bar.with_style(style))
}
