//! The web example as a program: its address and its exit.

#![cfg(unix)]
// Clippy knows only the functions marked #[test] as tests, not their helpers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "../../tests/programs/run.rs"]
mod run;
#[path = "../../tests/programs/terminal.rs"]
mod terminal;

use std::net::TcpListener;

use tokio::process::Command;

use crate::run::{Ended, example, run};
use crate::terminal::{CTRL_C, Terminal};

fn web(port: &str) -> Command {
    let mut command = example("web");
    command.arg(port);
    command
}

async fn get(address: &str) -> reqwest::Response {
    reqwest::get(address).await.unwrap()
}

#[tokio::test]
async fn ctrl_c_ends_it_quietly_even_with_a_connected_browser() {
    let mut terminal = Terminal::start("web", &[("PORT", "0")]);
    terminal.wait_for("Open ");
    let address = terminal.wait_for("\r\n");
    let page = get(&address).await.text().await.unwrap();
    assert!(page.contains("<title>Newsroom</title>"), "{page}");

    let client = reqwest::Client::new();
    let start = client.post(format!("{address}/executions"));
    let start = start.json(&serde_json::json!({ "topic": "rivers" }));
    let started: serde_json::Value = start.send().await.unwrap().json().await.unwrap();
    let mut events = get(&format!("{address}/executions/{}/events", started["id"])).await;
    assert!(events.chunk().await.unwrap().is_some());

    terminal.press(CTRL_C);
    // The stream ends properly, and not in the middle of a chunk.
    while events.chunk().await.unwrap().is_some() {}
    assert_eq!(terminal.end(), ("^C\r\n".to_owned(), 0));
}

#[tokio::test]
async fn a_port_in_use_is_reported_with_a_remedy() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let ended = run(web(&port.to_string()), "").await;
    let error = format!("\n[error] Port {port} cannot be listened at (");
    assert!(ended.stderr.starts_with(&error), "{ended:?}");
    let way_out = "): say another, or 0 for any that is free.\n";
    assert!(ended.stderr.ends_with(way_out), "{ended:?}");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
}

#[tokio::test]
async fn an_invalid_port_is_reported_with_a_remedy() {
    let error =
        "\n[error] `http` is no port: say a number up to 65535, or 0 for any that is free.\n";
    assert_eq!(
        run(web("http"), "").await,
        Ended {
            code: Some(1),
            stdout: String::new(),
            stderr: error.to_owned()
        }
    );
}
