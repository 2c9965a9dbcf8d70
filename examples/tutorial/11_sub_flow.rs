//! A flow within a flow: a flow with a name can be a stage of another.
//!
//! Its input and output are those of the stage, its items go into the outer stream, and the outer
//! flow gives it its resources. A sub-flow whose types do not fit does not compile.
//!
//! `cargo run --example 11_sub_flow` prints
//!
//! ```text
//! editor: "good morning folks" came in
//! translator: 3 words
//! translator: no word for "folks"
//! editor: "bom dia" goes out
//! ```

use std::collections::HashMap;

use flow_core::{Cx, Event, Res, Result, flow, handler};
use futures::TryStreamExt;

struct Dictionary(HashMap<&'static str, &'static str>);

#[derive(Event)]
struct Words(Vec<&'static str>);

/// An item of the translation's stream.
struct Note(String);

/// Lets a note into a stream of `String`.
impl From<Note> for String {
    fn from(Note(text): Note) -> Self {
        format!("translator: {text}")
    }
}

impl From<String> for Note {
    fn from(text: String) -> Self {
        Self(text)
    }
}

#[handler(emits = Words, streams = Note)]
async fn split(text: &'static str, cx: &Cx) {
    let words: Vec<_> = text.split(' ').collect();
    cx.put(format!("{} words", words.len())).await;
    cx.emit(Words(words));
}

#[handler(on = Words, streams = Note)]
async fn look_up(Words(words): Words, cx: &Cx, dictionary: Res<Dictionary>) -> String {
    let mut translated = Vec::new();
    for word in words {
        match dictionary.0.get(word) {
            Some(found) => translated.push(*found),
            None => cx.put(format!("no word for {word:?}")).await,
        }
    }
    translated.join(" ")
}

flow! {
    /// English in, Portuguese out.
    flow Translate(&'static str) -> String streams Note;
    with Dictionary;
    sound;
    start -> split;
    when Words -> look_up -> end
}

#[handler]
async fn accept(text: &'static str, cx: &Cx) -> &'static str {
    cx.put(format!("editor: {text:?} came in")).await;
    text
}

#[handler]
async fn print(text: String, cx: &Cx) {
    cx.put(format!("editor: {text:?} goes out")).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let magazine = flow! {
        with Dictionary;
        sound;
        start(&'static str) -> accept -> Translate -> print
    };
    let magazine = magazine.with(Dictionary(HashMap::from([
        ("good", "bom"),
        ("morning", "dia"),
    ])));

    let mut lines = magazine.stream("good morning folks");
    while let Some(line) = lines.try_next().await? {
        println!("{line}");
    }
    Ok(())
}
