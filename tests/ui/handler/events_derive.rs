use flow_core::{Event, Events};

#[derive(Event)]
struct Done(u32);

#[derive(Events)]
struct One(Done);

#[derive(Events)]
enum Nothing {}

#[derive(Events)]
enum Reply {
    Done(Done),
    Nothing,
    Several { first: Done, second: Done },
    Text(String),
}

#[derive(Events)]
enum Generic<T> {
    Done(T),
}

#[derive(Events)]
#[events(crat = flow_core)]
enum Misspelt {
    Done(Done),
}

fn main() {}
