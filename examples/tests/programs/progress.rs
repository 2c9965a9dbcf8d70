//! The progress example.

use crate::run::{Ended, Running, example, run};

#[tokio::test]
async fn in_a_pipe_each_step_is_a_line() {
    let lines = "[stream] step 1 of 3: working\n\
        [stream] step 2 of 3: working\n\
        [stream] step 3 of 3: working\n\
        [stream] end\n";
    assert_eq!(
        run(example("progress"), "").await,
        Ended {
            code: Some(0),
            stdout: lines.to_owned(),
            stderr: String::new()
        }
    );
}

#[tokio::test]
async fn a_closed_pipe_ends_it_quietly() {
    let mut progress = Running::start(example("progress"));
    progress.wait_for("[stream] step 1 of 3: working\n").await;
    progress.stop_reading();
    let ended = progress.end().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn on_a_terminal_it_is_a_bar_that_fills() {
    let mut terminal = crate::terminal::Terminal::start("progress", &[]);
    for text in ["1/3 working", "2/3 working", "3/3 working", "3/3 done"] {
        terminal.wait_for(text);
    }
    let (rest, code) = terminal.end();
    assert!(!rest.contains("[stream]"), "{rest:?}");
    assert_eq!(code, 0);
}
