use flow_core::{Event, Events, flow, handler};

#[derive(Event)]
struct Passed(u32);

#[derive(Event)]
struct Failed(String);

#[derive(Event)]
struct Skipped;

#[derive(Events)]
enum Verdict {
    Passed(Passed),
    Failed(Failed),
    Skipped(Skipped),
}

#[handler]
async fn check(score: u32) -> Verdict {
    match score {
        0 => Verdict::Skipped(Skipped),
        1..10 => Verdict::Failed(Failed(score.to_string())),
        _ => Verdict::Passed(Passed(score)),
    }
}

enum Reply {
    Verdict(Verdict),
    Passed(Passed),
}

#[handler]
async fn reply(score: u32) -> Reply {
    Reply::Passed(Passed(score))
}

#[handler(on = Passed)]
async fn publish(Passed(_): Passed) {}

fn main() {
    flow! {
        start(u32) -> check -> emit;
        when Passed -> publish
    };
    flow! {
        start(u32) -> reply -> match {
            Reply::Verdict(verdict) => emit,
            Reply::Passed(passed) => emit,
        };
        when Passed -> publish;
        ignore Skipped
    };
}
