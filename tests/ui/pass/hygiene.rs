//! Names of the user that could clash with those of the macros' output.
#![allow(dead_code, non_upper_case_globals, unused_macros)]

mod core {}
mod std {}
mod alloc {}
mod tokio {}
mod diagnostic {}

struct Option;
struct Some;
struct None;
struct Result;
struct Ok;
struct Err;
struct String;
struct Vec;
struct Box;
struct Future;
struct Handler;
struct Flow;
struct Graph;
struct Router;
struct Res;
struct R;
struct G;
struct E;
trait Send {}
trait Sync {}
trait Into {}
trait From {}
trait Fn {}
const event: u8 = 1;
const worker: u8 = 2;
const cx: u8 = 3;
macro_rules! panic { () => { no_such_thing }; }
macro_rules! concat { () => { no_such_thing }; }

mod events {
    #[derive(::flow_core::Event, Clone)]
    pub struct UserInput(pub u8);
    #[derive(::flow_core::Event)]
    pub enum Loop { Again, Over }
}

use ::flow_core::Cx;

struct Llm;

#[::flow_core::handler(on = events::Loop, emits = ["events::UserInput"])]
async fn get_input(context: &Cx, _llm: ::flow_core::Res<Llm>) -> ::flow_core::Result<()> {
    context.emit(events::UserInput(1));
    ::flow_core::Result::Ok(())
}

#[::flow_core::handler(on = "crate::events::UserInput", emits = "self::events::Loop")]
async fn stream_reply(events::UserInput(_): events::UserInput, context: &::flow_core::Cx) {
    context.put("item").await;
    context.stop();
    context.emit(events::Loop::Over);
}

fn main() {
    let chat = ::flow_core::flow! {
        with Llm;
        start -> get_input;
        when events::UserInput -> stream_reply;
        when events::Loop -> get_input
    };
    let items = chat.with(Llm).blocking_iter(()).count();
    ::std::assert_eq!(items, 1);
}
