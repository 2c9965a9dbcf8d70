//! The batch example.

use crate::run::{Ended, example, run};

#[tokio::test]
async fn in_a_pipe_each_step_is_a_line_and_the_records_that_cannot_be_read_are_left_out() {
    let left_out = (1..=100_000_u64).filter(|number| number % 5_000 == 7);
    let (count, amount) = left_out.fold((0, 0), |(count, amount), number| {
        (count + 1, amount + number % 10)
    });
    let all: u64 = (1..=100_000).map(|number| number % 10).sum();
    let steps = (1..=5).map(|step| format!("{} of 100000\n", step * 20_000));
    let total = format!(
        "stored {}, left out {count}, amount {}\n",
        100_000 - count,
        all - amount
    );
    let stdout = steps.chain([total]).collect();
    assert_eq!(
        run(example("batch"), "").await,
        Ended {
            code: Some(0),
            stdout,
            stderr: String::new()
        }
    );
}

#[cfg(unix)]
#[test]
fn on_a_terminal_it_is_a_bar_that_fills() {
    let mut terminal = crate::terminal::Terminal::start("batch", &[]);
    terminal.wait_for("100000/100000");
    let (rest, code) = terminal.end();
    assert!(!rest.contains("of 100000"), "{rest:?}");
    assert_eq!(code, 0);
}
