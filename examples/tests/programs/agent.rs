//! The agent with its input and output in pipes.

use crate::run::{example, run};

async fn said(input: &str) -> String {
    let ended = run(example("agent"), input).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    ended.stdout
}

#[tokio::test]
async fn calls_are_approved_one_by_one_and_it_goes_on_without_those_that_fail() {
    assert_eq!(
        said("yes\nyes\nno\nyes\n").await,
        "call search? call mail? call delete? call train? \n\
         search: done, about rivers\n\
         no result, mail: the server is down\n\
         delete: not called\n\
         no result, `call` took longer than 1s\n"
    );
}

#[tokio::test]
async fn what_nobody_approves_is_not_called() {
    assert_eq!(
        said("yes\n").await,
        "call search? call mail? call delete? call train? \n\
         search: done, about rivers\n\
         mail: not called\n\
         delete: not called\n\
         train: not called\n"
    );
}
