//! A notice that a person has to approve: `cargo run --example approval`.
//!
//! The model writes a draft, and the flow asks you to `approve` it, or to `reject` it with a
//! reason; then the model writes another. Nothing runs while the question waits. It expires after
//! an hour, or, with `-- --hurry`, after three seconds. The model is the one that the chat talks
//! to.

use std::env;
use std::io::{Stdout, Write, stdout};

use examples::{Llm, Terminal};
use flow_core::{Answered, Asked, Cx, Event, Res, Result, flow, handler};
use futures::TryStreamExt;

/// The text that the model should write.
#[derive(Event)]
struct Order(String);

/// May this be published?
#[derive(Clone, Event)]
#[event(answer = Verdict)]
struct Review {
    draft: String,
}

enum Verdict {
    Approved,
    Rejected { reason: String },
}

/// An item of the stream.
enum Item {
    Text(String),
    Review(Asked<Review>),
}

impl From<String> for Item {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Asked<Review>> for Item {
    fn from(asked: Asked<Review>) -> Self {
        Self::Review(asked)
    }
}

#[handler(on = Order, emits = Review)]
async fn write(Order(order): Order, cx: &Cx, llm: Res<Llm>) -> Result<()> {
    cx.put("\n[draft] ").await;
    let mut draft = String::new();
    let mut words = llm.ask(&order).await?;
    while let Some(word) = words.try_next().await? {
        draft.push_str(&word);
        cx.put(word).await;
    }
    cx.put("\n").await;
    cx.emit(Review { draft });
    Ok(())
}

#[handler(emits = Order)]
async fn decide(
    Answered {
        question, answer, ..
    }: Answered<Review>,
    cx: &Cx,
) {
    match answer {
        Verdict::Approved => cx.put(format!("\n[published] {}\n", question.draft)).await,
        // The model remembers what it has written.
        Verdict::Rejected { reason } => {
            cx.emit(Order(format!("Write it again, and mind this: {reason}")));
        }
    }
}

/// The time is over, or the question was dropped without an answer.
#[handler(on = Review)]
async fn give_up(cx: &Cx) {
    cx.put("\n[not published] Nobody has decided.\n").await;
}

/// The time that a question waits is a part of the graph, and so a literal.
macro_rules! approval_within {
    ($time:literal) => {
        flow! {
            streams Item;
            with Llm;
            start(Order) -> write;
            when Order -> write;
            ask Review within $time -> decide else -> give_up
        }
    };
}

fn prompt(asked: &Asked<Review>) -> String {
    let time = match asked.within.unwrap_or_default().as_secs() {
        seconds @ 0..120 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds / 60),
    };
    format!("\napprove, or reject and why (within {time}): ")
}

const HINT: &str = "Type `approve`, or `reject` and what should be different, \
    as in `reject say where it is`: ";

/// The verdict in a line, if it is one.
fn verdict(line: &str) -> Option<Verdict> {
    let line = line.trim();
    let (word, reason) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    match word.to_ascii_lowercase().as_str() {
        "approve" if reason.is_empty() => Some(Verdict::Approved),
        "reject" if !reason.is_empty() => Some(Verdict::Rejected {
            reason: reason.trim().to_owned(),
        }),
        _ => None,
    }
}

fn say(out: &mut Stdout, text: &str) -> Result<()> {
    write!(out, "{text}")?;
    Ok(out.flush()?)
}

async fn approval(hurry: bool) -> Result<()> {
    let mut out = stdout();
    let terminal = Terminal::new();
    let llm = Llm::from_env().await?;
    say(&mut out, &format!("{}\n\n", llm.describe()))?;

    say(&mut out, "What is the notice about? ")?;
    let topic = terminal.line().await?.unwrap_or_default();
    let topic = topic.trim();
    if topic.is_empty() {
        return say(&mut out, "\n");
    }
    let order = Order(format!("Write a short notice about {topic}"));
    let mut items = if hurry {
        approval_within!("3s").with(llm).stream(order)
    } else {
        approval_within!("1h").with(llm).stream(order)
    };

    let mut waiting: Option<Asked<Review>> = None;
    loop {
        // Lines are read only while a question waits; the flow keeps the deadline.
        tokio::select! {
            item = items.try_next() => match item? {
                Some(Item::Text(text)) => {
                    if waiting.take().is_some() {
                        // The cursor is still after the unanswered question.
                        say(&mut out, "\n")?;
                    }
                    say(&mut out, &text)?;
                }
                Some(Item::Review(asked)) => {
                    say(&mut out, &prompt(&asked))?;
                    waiting = Some(asked);
                }
                None => return Ok(()),
            },
            line = terminal.line(), if waiting.is_some() => {
                let Some(line) = line? else {
                    // Dropping the question tells the flow that no answer will come.
                    say(&mut out, "\n")?;
                    waiting = None;
                    continue;
                };
                match (verdict(&line), &waiting) {
                    (Some(verdict), Some(asked)) => {
                        // It fails if the time has just run out; the next item tells that.
                        if asked.answer(verdict).is_ok() {
                            waiting = None;
                        }
                    }
                    _ => say(&mut out, HINT)?,
                }
            }
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let hurry = env::args().any(|argument| argument == "--hurry");
    let ended = tokio::select! {
        // So that Ctrl-C counts before anything begins.
        biased;
        // Dropping the execution stops it wherever it was.
        pressed = tokio::signal::ctrl_c() => {
            pressed.and_then(|()| writeln!(stdout())).map_err(Into::into)
        }
        ended = approval(hurry) => ended,
    };
    examples::exit(ended)
}
