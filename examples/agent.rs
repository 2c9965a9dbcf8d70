//! An agent whose tool calls a person approves one by one: `cargo run --example agent`.
//!
//! Two calls are under way at a time, each with a question of its own. One of the tools fails, and
//! another takes too long; the agent goes on without their results. A call that is not approved
//! within a minute, or when the input ends, is not made.

use std::collections::VecDeque;
use std::io::{Write, stdout};
use std::time::Duration;

use examples::Terminal;
use flow_core::{Answered, Asked, Event, Failed, Result, flow, handler};
use futures::TryStreamExt;

/// May this tool be called?
#[derive(Clone, Event)]
#[event(answer = bool)]
struct Call {
    tool: &'static str,
    about: String,
}

/// What a model would plan.
#[handler]
async fn plan(task: String) -> Vec<Call> {
    let call = |tool| Call {
        tool,
        about: task.clone(),
    };
    ["search", "mail", "delete", "train"].map(call).to_vec()
}

/// There is no answer.
#[handler]
async fn refuse(_call: Call) -> bool {
    false
}

#[handler(timeout = "1s")]
async fn call(approved: Answered<Call>) -> Result<String> {
    let Call { tool, about } = approved.question;
    if !approved.answer {
        return Ok(format!("{tool}: not called"));
    }
    match tool {
        "mail" => Err("mail: the server is down".into()),
        "train" => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            Ok("train: the model is trained".to_owned())
        }
        _ => Ok(format!("{tool}: done, about {about}")),
    }
}

#[handler]
async fn go_on_without(failed: Failed) -> String {
    format!("no result, {}", failed.error)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let agent = flow! {
        streams Asked<Call>;
        sound;
        start(String) -> plan
            -> each (ask Call within "1m" else refuse -> call else go_on_without)[2]
            -> end
    };
    let terminal = Terminal::new();
    let mut questions = agent.stream("rivers".to_owned());
    let mut open = VecDeque::new();
    loop {
        tokio::select! {
            // So that a line answers a question that was shown.
            biased;
            asked = questions.try_next() => {
                let Some(asked) = asked? else { break };
                print!("call {}? ", asked.question.tool);
                stdout().flush()?;
                open.push_back(asked);
            }
            line = terminal.line(), if !open.is_empty() => match line? {
                Some(line) => if let Some(asked) = open.pop_front() {
                    // It fails if the minute has just passed, and then changes nothing.
                    let _ = asked.answer(line.trim() == "yes");
                },
                // Without an `Asked`, nothing can answer.
                None => open.clear(),
            },
        }
    }
    println!();
    for result in questions.output().await? {
        println!("{result}");
    }
    Ok(())
}
