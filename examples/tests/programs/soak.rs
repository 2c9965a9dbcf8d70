//! A second of the soak test.

use crate::run::{example, run};

#[tokio::test]
async fn a_second_of_it_holds_and_says_so() {
    let mut soak = example("soak");
    soak.args(["--seconds", "1"]);
    let ended = run(soak, "").await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let lines: Vec<_> = ended.stdout.lines().collect();
    let [.., in_all, memory, "held"] = lines.as_slice() else {
        panic!("{lines:?}");
    };
    assert!(in_all.starts_with("in all: "), "{in_all}");
    assert!(!in_all.contains(": 0 executions"), "{in_all}");
    assert!(memory.starts_with("memory: "), "{memory}");
}

#[tokio::test]
async fn an_invalid_argument_is_an_error() {
    let mut soak = example("soak");
    soak.args(["--seconds", "soon"]);
    let ended = run(soak, "").await;
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.stderr, "\n[error] `soon` is no number of seconds\n");
}
