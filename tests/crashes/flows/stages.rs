//! Flows as stages.

use flow_core::{Cx, Failed, Flow, FlowError, Res, State, flow, handler};

use crate::flows::questions::{Update, decide, expire, review};
use crate::flows::{Number, Review, add, double, even, number, slow, slow_number, sum, up_to};
use crate::harness::Effects;

flow! {
    pub(crate) flow Inner(u32) -> u32;
    durable;
    with Effects;
    state u32;
    start -> slow -> (number -> emit, double) -> |((), n)| n -> end;
    when Number -> slow_number -> remember;
}

#[handler]
async fn remember(n: u32, total: State<u32>, effects: Res<Effects>, cx: &Cx) {
    let total = total.with(|total| {
        *total += n;
        *total
    });
    cx.put(format!("remembers {total}")).await;
    effects.note(format!("remember {n}"));
}

flow! {
    pub(crate) flow Stages(u32) -> u32;
    durable;
    with Effects;
    start -> up_to -> each (Inner -> double)[2] -> sum -> end;
}

pub(crate) fn stages(effects: Effects) -> Flow<Stages> {
    Stages::new().with(effects)
}

flow! {
    pub(crate) flow Quick(u32) -> u32;
    durable;
    with Effects;
    start -> double -> end;
}

flow! {
    /// Stages that end together, each with a call after it.
    pub(crate) flow Alike(u32) -> u32;
    durable;
    with Effects;
    start -> up_to -> each (Quick -> double)[3] -> sum -> end;
}

pub(crate) fn alike(effects: Effects) -> Flow<Alike> {
    Alike::new().with(effects)
}

flow! {
    pub(crate) flow Approval(u32) -> u32 streams Update;
    durable;
    with Effects;
    start -> review -> emit;
    ask Review within "72h" -> decide -> slow -> end else -> expire -> end;
}

flow! {
    pub(crate) flow Approvals(u32) -> u32 streams Update;
    durable;
    with Effects;
    start -> double -> (Approval, Approval -> slow) -> add -> Approval -> end;
}

pub(crate) fn approvals(effects: Effects) -> Flow<Approvals> {
    Approvals::new().with(effects)
}

flow! {
    pub(crate) flow Doubtful(u32) -> u32;
    durable;
    with Effects;
    start -> slow -> even -> end;
}

flow! {
    pub(crate) flow FailingStage(u32) -> u32;
    durable;
    with Effects;
    start -> up_to -> each (Doubtful else doubted)[2] -> |all: Vec<u32>| all.into_iter().take(2).count()
        -> counted -> Stages -> end;
}

pub(crate) fn failing_stage(effects: Effects) -> Flow<FailingStage> {
    FailingStage::new().with(effects)
}

#[handler]
async fn counted(count: usize) -> u32 {
    u32::try_from(count).unwrap()
}

#[handler]
async fn doubted(failed: Failed<FlowError>, effects: Res<Effects>) -> u32 {
    effects.note(format!("doubted: {:#}", failed.error));
    1
}
