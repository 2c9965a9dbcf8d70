// References to what a handler takes by value.
use flow_core::{Answered, Event, Failed, Res, State, flow, handler};

struct Bot;

#[derive(Event)]
#[event(answer = bool)]
struct Review;

#[handler]
async fn resource(_bot: &Res<Bot>) {}

#[handler]
async fn state(_total: &mut State<u32>) {}

#[handler]
async fn failed(_failed: &Failed) {}

#[handler]
async fn answered(_answered: &Answered<Review>) {}

fn main() {
    let _ = flow! { with Bot; start -> resource };
}
