//! Runs a program with pipes.

// Each test that shares this file uses only a part of it.
#![allow(dead_code)]

use std::env::consts::EXE_SUFFIX;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};

/// A limit for programs that hang, so that they fail their test and not the whole run.
pub(crate) const GUARD: Duration = Duration::from_secs(30);

/// The variables that choose a model.
pub(crate) const SETTINGS: [&str; 3] = ["OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL"];

pub(crate) const PROMPT: &str = "Question (type 'exit' to stop): ";

/// The first line of a chat with the model `m` at this address, and the empty line after it.
pub(crate) fn first_line(base_url: &str) -> String {
    format!(
        "Talking to m at {base_url}; set OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL to choose another.\n\n"
    )
}

/// The path of an example, next to the directory of the tests.
pub(crate) fn path(example: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap().join("examples");
    let path = built.join(format!("{example}{EXE_SUFFIX}"));
    assert!(path.exists(), "first run `cargo build --examples`");
    path
}

/// An example in an environment that chooses no model.
pub(crate) fn example(name: &str) -> Command {
    let mut command = Command::new(path(name));
    for name in SETTINGS {
        command.env_remove(name);
    }
    // Nothing listens at this port.
    command.env("OLLAMA_HOST", "127.0.0.1:9");
    command.kill_on_drop(true);
    command
}

/// A chat with the model `m` at this address.
pub(crate) fn chat(base_url: &str) -> Command {
    let mut command = example("chat");
    command
        .env("OPENAI_BASE_URL", base_url)
        .env("OPENAI_MODEL", "m");
    command
}

/// The output of a program, and its exit code.
#[derive(Debug, PartialEq)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs a program to its end with this input.
pub(crate) async fn run(command: Command, input: impl Into<Vec<u8>>) -> Ended {
    let mut running = Running::start(command);
    let (mut stdin, input) = (running.stdin.take().unwrap(), input.into());
    // Concurrently, because pipes are short. A program that ends early need not read all input.
    tokio::spawn(async move { stdin.write_all(&input).await });
    running.end().await
}

/// A running program that waits for input.
pub(crate) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    seen: String,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        Self {
            stdin: child.stdin.take(),
            child,
            seen: String::new(),
        }
    }

    pub(crate) async fn send(&mut self, input: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(input.as_bytes()).await.unwrap();
    }

    /// Reads on until the output so far ends with `text`.
    pub(crate) async fn wait_for(&mut self, text: &str) {
        let stdout = self.child.stdout.as_mut().unwrap();
        let read = async {
            while !self.seen.ends_with(text) {
                let byte = stdout.read_u8().await.expect("the output ended");
                self.seen.push(char::from(byte));
            }
        };
        let waited = tokio::time::timeout(GUARD, read).await;
        waited.unwrap_or_else(|_| panic!("no {text:?} in {:?}", self.seen));
    }

    /// Closes the output.
    pub(crate) fn stop_reading(&mut self) {
        self.child.stdout = None;
    }

    /// Ends the input and waits for the end.
    pub(crate) async fn end(mut self) -> Ended {
        self.stdin = None;
        let output = tokio::time::timeout(GUARD, self.child.wait_with_output()).await;
        let output = output.expect("the program hangs").unwrap();
        Ended {
            code: output.status.code(),
            stdout: self.seen + &String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
