//! The README's program and the error that it shows, compared with a program that runs and an error
//! that the compiler reports.

#![allow(clippy::panic, reason = "a test fails by panicking")]

use flow_core::{Cx, Event, Res, Result, flow, handler};
use futures::{TryStream, TryStreamExt, stream};
use std::io::{Error, ErrorKind};
use std::sync::Mutex;

/// Stands in for a language model.
struct Llm;

impl Llm {
    #[allow(
        clippy::unused_async,
        reason = "a real model is asked over the network"
    )]
    async fn ask(
        &self,
        question: &str,
    ) -> Result<impl TryStream<Ok = String, Error = Error> + Unpin + use<>> {
        if question == "what is the answer?" {
            return Ok(stream::iter(["42", "."].map(|word| Ok(word.to_owned()))));
        }
        Err(Error::new(ErrorKind::InvalidInput, "that is no question").into())
    }
}

/// Stands in for a person at a terminal.
struct Terminal(Mutex<Vec<&'static str>>);

impl Terminal {
    fn new() -> Self {
        Self(Mutex::new(vec!["exit", "what is the answer?"]))
    }

    #[allow(clippy::unused_async, reason = "a real person takes a while")]
    async fn line(&self) -> Result<Option<String>> {
        let next = self.0.lock().map_err(|_| "poisoned")?.pop();
        Ok(next.map(str::to_owned))
    }
}

#[derive(Event)]
struct UserInput(String);

#[derive(Event)]
struct Loop;

#[handler(on = "Loop", emits = "UserInput")]
async fn get_input(cx: &Cx, terminal: Res<Terminal>) -> Result<()> {
    cx.put("Question (type 'exit' to stop): ").await;
    match terminal.line().await? {
        Some(question) if question != "exit" => cx.emit(UserInput(question)),
        _ => cx.stop(),
    }
    Ok(())
}

#[handler(on = "UserInput", emits = "Loop")]
async fn stream_reply(UserInput(question): UserInput, cx: &Cx, llm: Res<Llm>) -> Result<()> {
    let mut words = llm.ask(&question).await?;
    while let Some(word) = words.try_next().await? {
        cx.put(word).await;
    }
    cx.emit(Loop);
    Ok(())
}

/// `print!` would go past the test, so the items are collected here.
macro_rules! print {
    ($item:literal) => {
        PRINTED
            .lock()
            .map_err(|_| "poisoned")?
            .push_str(&format!($item))
    };
}

static PRINTED: Mutex<String> = Mutex::new(String::new());

#[tokio::test]
async fn the_program_runs() -> Result<()> {
    let llm = Llm;
    let chat = flow! {
        with Llm;
        with Terminal;
        start -> get_input;
        when UserInput -> stream_reply;
        when Loop -> get_input
    };

    let mut items = chat.with(llm).with(Terminal::new()).stream(());
    while let Some(item) = items.try_next().await? {
        print!("{item}");
    }

    let prompt = "Question (type 'exit' to stop): ";
    let printed = PRINTED.lock().map_err(|_| "poisoned")?;
    assert_eq!(*printed, format!("{prompt}42.{prompt}"));
    Ok(())
}

/// The lines, trimmed.
fn trimmed(text: &str) -> String {
    text.lines().flat_map(|line| [line.trim(), "\n"]).collect()
}

/// The contents of the README's code blocks of this language.
fn blocks(language: &str) -> Vec<String> {
    let readme = include_str!("../README.md").replace("\r\n", "\n");
    let fence = format!("```{language}\n");
    let rests = readme.split(fence.as_str()).skip(1);
    let block = |rest: &str| rest.split("```").next().map(str::to_owned);
    rests.filter_map(block).collect()
}

#[test]
fn the_readme_shows_the_program() {
    let blocks = blocks("rust");
    let [program] = blocks.as_slice() else {
        panic!("more than one program: compile the others, too");
    };
    let (items, statements) = program.split_once("\nlet chat").expect("there is a chat");
    let this_file = trimmed(include_str!("readme.rs"));
    for part in [items, &format!("let chat{statements}")] {
        assert!(
            this_file.contains(&trimmed(part)),
            "not in this file:\n{part}"
        );
    }
}

#[test]
fn the_readme_shows_what_the_compiler_reports() {
    let message = include_str!("ui/graph/emitted_and_not_taken.stderr").replace("\r\n", "\n");
    assert!(blocks("text").contains(&message), "{message}");
}
