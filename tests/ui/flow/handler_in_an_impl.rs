// Functions in an `impl` block as handlers: with the attribute, as a method, and without either.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Question(String);

struct Bot;

impl Bot {
    #[handler(emits = Question)]
    async fn ask(cx: &Cx) {
        cx.emit(Question(String::new()));
    }

    #[handler(on = Question)]
    pub async fn reply(&self, Question(text): Question, cx: &Cx) {
        cx.put(text).await;
    }

    async fn log(_: Question) {}
}

fn main() {
    let _ = flow! {
        start -> Bot::ask;
        when Question -> Bot::reply;
        when Question -> Bot::log
    };
}
