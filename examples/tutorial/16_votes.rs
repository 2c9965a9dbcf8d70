//! Several of one event: `when Vote[3] -> tally` runs when three have voted.
//!
//! The members of a panel vote when they have made up their minds. The third vote decides, and the
//! others are no longer waited for. If there are not three before the deadline, nothing is decided.
//!
//! `cargo run --example 16_votes` prints
//!
//! ```text
//! quick: adopted by Ada, Alan and Grace
//! divided: rejected by Ada, Alan and Grace
//! slow: undecided at the deadline
//! ```

use std::time::Duration;

use flow_core::{Event, Result, flow, handler};
use tokio::time::sleep;

const MINUTE: Duration = Duration::from_secs(60);

#[derive(Clone)]
struct Member {
    name: &'static str,
    minutes: u32,
    agrees: bool,
}

#[derive(Event)]
struct Vote {
    member: &'static str,
    agrees: bool,
}

#[derive(Event)]
struct Deadline;

#[handler]
async fn vote(member: Member) -> Vote {
    sleep(member.minutes * MINUTE).await;
    Vote {
        member: member.name,
        agrees: member.agrees,
    }
}

#[handler]
async fn deadline() -> Deadline {
    sleep(60 * MINUTE).await;
    Deadline
}

#[handler]
async fn tally(votes: [Vote; 3]) -> String {
    let agreeing = votes.iter().filter(|vote| vote.agrees).count();
    let verdict = if agreeing > 1 { "adopted" } else { "rejected" };
    let [first, second, third] = votes.map(|vote| vote.member);
    format!("{verdict} by {first}, {second} and {third}")
}

#[handler(on = Deadline)]
async fn undecided(_deadline: Deadline) -> String {
    "undecided at the deadline".to_owned()
}

flow! {
    flow Poll(Vec<Member>) -> String;
    start -> (each (vote -> emit), deadline -> emit) -> ignore;
    when Vote[3] -> tally -> end now;
    when Deadline -> undecided -> end now
}

fn panel(minutes: [u32; 4], agree: [bool; 4]) -> Vec<Member> {
    let names = ["Grace", "Alan", "Ada", "Edsger"];
    let members = names.into_iter().zip(minutes).zip(agree);
    members
        .map(|((name, minutes), agrees)| Member {
            name,
            minutes,
            agrees,
        })
        .collect()
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<()> {
    let poll = Poll::new();
    let quick = panel([20, 10, 5, 50], [true, false, true, false]);
    println!("quick: {}", poll.run(quick).await?);
    let divided = panel([20, 10, 5, 50], [true, false, false, true]);
    println!("divided: {}", poll.run(divided).await?);
    let slow = panel([20, 10, 90, 120], [true; 4]);
    println!("slow: {}", poll.run(slow).await?);
    Ok(())
}
