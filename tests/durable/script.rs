//! What clients do with an execution, and what they see of it.

use flow_core::durable::{ExecutionsById, Logged, RequestError};
use futures::{StreamExt, TryStreamExt};
use serde_json::{Value, json};

/// What a client does, from the beginning, until it is done.
pub(crate) type Script = &'static [Step];

#[derive(Debug)]
pub(crate) enum Step {
    Start(u32),
    /// Waits for the question.
    Wait,
    /// Answers it.
    Answer(bool),
    Send(u32, &'static str),
    Cancel,
}

/// What has come of an execution.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    /// The output, or the error.
    pub(crate) output: Result<Value, String>,
    /// Those that were not repeated.
    pub(crate) items: Vec<Value>,
}

pub(crate) async fn perform(
    executions: &dyn ExecutionsById,
    script: Script,
) -> Result<Outcome, RequestError> {
    for step in script {
        match step {
            Step::Start(input) => executions.start("x", json!(input).into()).await?,
            Step::Wait => drop(question(executions).await?),
            Step::Answer(answer) => {
                let number = question(executions).await?;
                executions.answer("x", number, json!(answer).into()).await?;
            }
            Step::Send(event, key) => {
                executions
                    .send("x", "Paid", json!(event).into(), key)
                    .await?;
            }
            Step::Cancel => executions.cancel("x").await?,
        }
    }
    let output = match executions.output("x").await {
        Ok(output) => Ok(output.to_json()?),
        Err(RequestError::Failed(error)) => Err(format!("{error:#}")),
        Err(error) => return Err(error),
    };
    let log: Vec<_> = executions
        .items("x", None)
        .filter_map(failed)
        .try_collect()
        .await?;
    Ok(Outcome {
        output,
        items: last_of_each(&log)?,
    })
}

/// The end of the items of an execution that has failed is no failure to read them.
async fn failed(entry: Result<Logged, RequestError>) -> Option<Result<Logged, RequestError>> {
    (!matches!(entry, Err(RequestError::Failed(_)))).then_some(entry)
}

async fn question(executions: &dyn ExecutionsById) -> Result<u64, RequestError> {
    let mut items = executions.items("x", None);
    while let Some(entry) = items.try_next().await? {
        if let Logged::Item { item, .. } = entry
            && let Some(asked) = item.to_json()?.get("Asked")
        {
            return Ok(asked["number"].as_u64().unwrap());
        }
    }
    panic!("there is no question");
}

/// In these flows no item comes twice, unless its call is made again.
fn last_of_each(log: &[Logged]) -> Result<Vec<Value>, RequestError> {
    let mut items: Vec<Value> = Vec::new();
    let mut is_restarted = false;
    for entry in log {
        match entry {
            Logged::Item { item, .. } => {
                let item = item.to_json()?;
                if let Some(before) = items.iter().position(|before| *before == item) {
                    assert!(
                        is_restarted,
                        "{item} comes again, and the reader is not told"
                    );
                    items.remove(before);
                }
                items.push(item);
            }
            Logged::Restarted { .. } => is_restarted = true,
            other => panic!("{other:?}"),
        }
    }
    Ok(items)
}
