//! How the program ends when it is not killed.

use std::net::TcpListener;

use crate::program::{Pace, Program, bank_has, fails, texts};

#[cfg(unix)]
#[tokio::test]
async fn sigterm_ends_it_in_peace_although_a_reader_is_connected() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let program = Program::start(directory, Pace::AtOnce).await;
    program.order("42", "desk", 39_900).await;
    let mut items = program.items("42", None).await;
    items.until("asked").await;
    let (said, has_ended_well) = program.stop().await;
    assert!(has_ended_well && said.is_empty(), "{said:?}");
    assert_eq!(items.next().await, None);

    let program = Program::start(directory, Pace::AtOnce).await;
    program.approve("42", 0).await;
    let items = program.items("42", None).await.rest().await;
    assert_eq!(texts(&items).last().unwrap(), "end");
}

#[cfg(unix)]
#[tokio::test]
async fn a_call_that_takes_too_long_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let program = Program::start(directory, Pace::ForEver).await;
    program.order("42", "book", 1200).await;
    bank_has(directory, 1).await;
    let (said, has_ended_well) = program.stop().await;
    assert!(has_ended_well);
    assert_eq!(
        said,
        ["A call was interrupted, and is made again at the next start."]
    );
}

#[tokio::test]
async fn a_port_in_use_is_reported_with_a_remedy() {
    let directory = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let (said, has_ended_well) = fails(directory.path(), &port.to_string()).await;
    assert!(!has_ended_well);
    let error = format!("[error] Port {port} cannot be listened at (");
    assert!(said[1].starts_with(&error), "{said:?}");
}

#[tokio::test]
async fn a_directory_with_something_else_in_it_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let journal = directory.path().join("journal");
    std::fs::create_dir(&journal).unwrap();
    std::fs::write(journal.join("notes.txt"), "mine").unwrap();
    let (said, has_ended_well) = fails(directory.path(), "0").await;
    assert!(!has_ended_well);
    let error = "is not empty and no journal: choose another one";
    assert!(said[1].ends_with(error), "{said:?}");
}
