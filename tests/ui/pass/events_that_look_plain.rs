//! Events whose source does not show the derive.
use flow_core::{Cx, Event as Message, flow, handler};

#[derive(Message)]
struct Renamed;

macro_rules! event {
    ($name:ident) => {
        #[derive(Message)]
        struct $name;
    };
}

event!(Made);

mod plain {
    #[derive(Clone)]
    pub struct Made;

    pub struct Knock;
}

use tests::Knock;

#[handler(emits = [Renamed, Made, Knock])]
async fn begin(cx: &Cx) {
    cx.emit(Renamed);
    cx.emit(Made);
    cx.emit(Knock(1));
}

#[handler]
async fn done() {}

fn main() {
    let _ = (plain::Made.clone(), plain::Knock);
    let _ = flow! {
        start -> begin;
        when Renamed | Made -> done;
        when Knock -> done
    };
}
