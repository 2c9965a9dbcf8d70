//! A chat whose words appear as the model writes them: `cargo run --example chat`.
//!
//! It talks to any OpenAI-compatible server (`OPENAI_BASE_URL`, `OPENAI_API_KEY`, `OPENAI_MODEL`), to an
//! Ollama on this machine, or else to a small built-in model. An `https` address needs
//! `--features https`.

use std::io::{Write, stdout};

use examples::{Llm, LlmError, Terminal};
use flow_core::{Cx, Event, Res, Result, flow, handler};
use futures::TryStreamExt;

#[derive(Event)]
struct UserInput(String);

#[derive(Event)]
struct Loop;

// The names of events may be quoted, as here, or bare paths, as in the other examples: an editor
// completes and renames bare paths.
#[handler(on = "Loop", emits = ["UserInput", "Loop"])]
async fn get_input(cx: &Cx, terminal: Res<Terminal>) -> Result<()> {
    cx.put("Question (type 'exit' to stop): ").await;
    // The end of the input counts as `exit`.
    let line = terminal.line().await?.unwrap_or_else(|| "exit".to_owned());
    match line.trim() {
        "" => cx.emit(Loop),
        word if word.eq_ignore_ascii_case("exit") => {
            cx.put("\n").await;
            cx.stop();
        }
        question => {
            cx.put(format!("\n[user] {question}\n")).await;
            cx.emit(UserInput(question.to_owned()));
        }
    }
    Ok(())
}

#[handler(on = "UserInput", emits = "Loop")]
async fn stream_reply(UserInput(question): UserInput, cx: &Cx, llm: Res<Llm>) -> Result<()> {
    cx.put("[assistant] ").await;
    let reply = async {
        let mut words = llm.ask(&question).await?;
        while let Some(word) = words.try_next().await? {
            cx.put(word).await;
        }
        Ok::<_, LlmError>(())
    };
    match reply.await {
        Ok(()) => cx.put("\n\n").await,
        Err(LlmError::Passing(error)) => cx.put(format!("\n[error] {error}\n\n")).await,
        Err(error) => return Err(error.into()),
    }
    cx.emit(Loop);
    Ok(())
}

flow! {
    /// A question, its answer word by word, and so on.
    pub(crate) flow Chat;
    with Llm;
    with Terminal;
    start -> get_input;
    when UserInput -> stream_reply;
    when Loop -> get_input
}

async fn chat() -> Result<()> {
    let llm = Llm::from_env().await?;
    let mut out = stdout();
    writeln!(out, "{}\n", llm.describe())?;

    let mut items = Chat::new().with(llm).with(Terminal::new()).stream(());
    while let Some(item) = items.try_next().await? {
        write!(out, "{item}")?;
        out.flush()?;
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let ended = tokio::select! {
        // So that Ctrl-C counts before the chat begins.
        biased;
        // Dropping the chat drops the execution, which stops wherever it was.
        pressed = tokio::signal::ctrl_c() => {
            pressed.and_then(|()| writeln!(stdout())).map_err(Into::into)
        }
        ended = chat() => ended,
    };
    examples::exit(ended)
}
