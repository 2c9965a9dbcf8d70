// A step that collects four votes, of which three are cast.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Ballot(u32);

#[derive(Event)]
struct Vote(bool);

#[handler(emits = Ballot)]
async fn open(motion: u32, cx: &Cx) {
    cx.emit(Ballot(motion));
}

#[handler(on = Ballot, emits = Vote)]
async fn poll(Ballot(motion): Ballot, cx: &Cx) {
    cx.emit(Vote(motion > 1));
    cx.emit(Vote(motion > 2));
    cx.emit(Vote(motion > 3));
}

#[handler]
async fn count(votes: [Vote; 4]) -> usize {
    votes.iter().filter(|Vote(yes)| *yes).count()
}

fn main() {
    let _ = flow! {
        sound;
        start(u32) -> open;
        when Ballot -> poll;
        when Vote[4] -> count -> end
    };
}
