// An event that does not exist, in `on` and in `emits`.
use flow_core::{Cx, Event, handler};

#[derive(Event)]
struct UserInput(String);

#[derive(Event)]
struct Loop;

#[derive(Event)]
struct Quit;

#[handler(on = "UserImput", emits = ["Loop", "Qiut"])]
async fn reply(cx: &Cx) {
    cx.emit(Loop);
}

fn main() {}
