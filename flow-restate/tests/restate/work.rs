//! A flow with a part of the language that matters for crashes, and a log of what its calls do.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use flow_core::{Answered, Asked, Cx, Event, Flow, Res, flow, handler};
use serde::{Deserialize, Serialize};

/// The outside of the flow: each call writes a line when it begins, and one when it ends.
#[derive(Clone)]
pub(crate) struct Outside {
    log: Arc<File>,
    /// How long a call takes.
    takes: Duration,
}

impl Outside {
    pub(crate) fn open(path: &Path, takes: Duration) -> Self {
        let log = OpenOptions::new().create(true).append(true).open(path);
        Self {
            log: Arc::new(log.unwrap()),
            takes,
        }
    }

    async fn call(&self, what: &str) {
        self.write("begin", what);
        tokio::time::sleep(self.takes).await;
        self.write("end", what);
    }

    fn write(&self, when: &str, what: &str) {
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
        let pid = std::process::id();
        let line = format!("{} {pid} {when} {what}\n", now.as_micros());
        (&*self.log).write_all(line.as_bytes()).unwrap();
    }
}

/// How many parts and steps an execution has.
pub(crate) const PARTS: u32 = 6;
pub(crate) const STEPS: u32 = 12;

#[derive(Clone, Debug, PartialEq, Event, Serialize, Deserialize)]
#[event(answer = u32)]
pub(crate) struct Check(pub(crate) u32);

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
pub(crate) struct Step {
    execution: u32,
    sum: u32,
    left: u32,
}

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
pub(crate) struct Finished(u32);

#[handler]
async fn prepare(execution: u32, outside: Res<Outside>) -> Vec<(u32, u32)> {
    outside.call(&format!("{execution} prepare")).await;
    (0..PARTS).map(|part| (execution, part)).collect()
}

#[handler]
async fn part((execution, part): (u32, u32), outside: Res<Outside>) -> (u32, u32) {
    outside.call(&format!("{execution} part {part}")).await;
    (execution, part + 1)
}

#[handler]
async fn note(parts: Vec<(u32, u32)>, outside: Res<Outside>) -> Step {
    let execution = parts[0].0;
    outside.call(&format!("{execution} note")).await;
    Step {
        execution,
        sum: parts.iter().map(|(_, part)| part).sum(),
        left: STEPS,
    }
}

#[handler]
async fn ask(parts: Vec<(u32, u32)>, outside: Res<Outside>) -> Check {
    let execution = parts[0].0;
    outside.call(&format!("{execution} ask")).await;
    Check(execution)
}

#[handler]
async fn begin((step, answered): (Step, Answered<Check>), outside: Res<Outside>) -> Step {
    outside.call(&format!("{} begin", step.execution)).await;
    Step {
        sum: step.sum + answered.answer,
        ..step
    }
}

#[handler(on = Step, emits = [Step, Finished])]
async fn step(step: Step, outside: Res<Outside>, cx: &Cx) {
    let Step {
        execution,
        sum,
        left,
    } = step;
    outside.call(&format!("{execution} step {left}")).await;
    if left > 1 {
        cx.emit(Step {
            execution,
            sum: sum + 1,
            left: left - 1,
        });
    } else {
        cx.emit(Finished(sum + 1));
    }
}

flow! {
    /// Calls in a row, side by side, in a join with a question, and in a loop.
    pub(crate) flow Work(u32) -> u32 streams Asked<Check>;
    durable;
    with Outside;
    start -> prepare -> each part[4] -> (note, ask -> ask Check) -> begin -> emit;
    when Step -> step;
    when Finished -> |Finished(sum): Finished| sum -> end;
}

/// The output of an execution, of which the question was answered with this.
pub(crate) fn output(answer: u32) -> u32 {
    (1..=PARTS).sum::<u32>() + answer + STEPS
}

/// How many calls an execution makes.
pub(crate) const CALLS: u32 = 1 + PARTS + 2 + 1 + STEPS;

pub(crate) fn work(outside: Outside) -> Flow<Work> {
    Work::new().with(outside)
}
