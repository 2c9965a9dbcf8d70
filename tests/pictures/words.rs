//! A flow of the words that the others do not use: `emit`, closures, `ask` as a stage, `first`,
//! `every`, `by`, `[n]`, `end now`, `drain` and `finally`.

use flow_core::{Answered, Asked, BoxError, Ending, Event, Events, Tick, flow, handler};

/// A vote for a proposal.
#[derive(Event)]
pub(crate) struct Vote {
    proposal: u32,
    agrees: bool,
}

#[derive(Event)]
pub(crate) struct Seconded {
    proposal: u32,
}

#[derive(Event)]
pub(crate) struct Spam;

#[derive(Events)]
pub(crate) enum Ballot {
    Vote(Vote),
    Seconded(Seconded),
    Spam(Spam),
}

#[derive(Clone, Event)]
#[event(answer = bool)]
pub(crate) struct Publish(bool);

#[handler]
async fn read(line: String) -> Ballot {
    match line.len() {
        0 => Ballot::Spam(Spam),
        1 => Ballot::Seconded(Seconded { proposal: 1 }),
        _ => Ballot::Vote(Vote {
            proposal: 1,
            agrees: true,
        }),
    }
}

#[handler]
async fn cached(proposal: u32) -> Result<String, BoxError> {
    Ok(proposal.to_string())
}

#[handler]
async fn fetch(proposal: u32) -> Result<String, BoxError> {
    Ok(proposal.to_string())
}

#[handler]
async fn tally(votes: [Vote; 3]) -> Publish {
    Publish(votes.iter().all(|vote| vote.agrees))
}

#[handler]
async fn report(_result: String) {}

#[handler]
async fn too_few(_vote: Vote) {}

#[handler]
async fn remind(_tick: Tick) {}

#[handler]
async fn close(_ending: Ending) {}

flow! {
    /// A vote, with a deadline for its publication.
    pub(crate) flow Election(Vec<String>) -> bool streams Asked<Publish>;
    drain within "10s";
    start -> each (read -> emit) -> ignore;
    when Vote[3] by .proposal -> tally -> ask Publish within "1h" else |_| false
        -> |published: Answered<Publish>| published.answer && published.question.0 -> end now
        else -> too_few;
    when Seconded { proposal } -> first (cached, fetch) else |_| String::new() -> report;
    ignore Spam;
    every "30s" -> remind;
    finally within "5s" -> close
}
