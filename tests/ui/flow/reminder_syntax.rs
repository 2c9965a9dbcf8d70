// A reminder is a period and a handler, after `within`.
use flow_core::{Answered, Asked, Event, flow, handler};

macro_rules! question {
    ($($name:ident)*) => {$(
        #[derive(Clone, Event)]
        #[event(answer = bool)]
        struct $name;
    )*};
}

question!(A B C D E F G H I J K L);

#[handler]
async fn begin() -> A {
    A
}

#[handler]
async fn nudge() {}

#[handler]
async fn decide(_answered: Answered<A>) -> bool {
    true
}

fn main() {
    let _ = flow! {
        streams Asked<A>;
        start -> begin -> ask A every "1h" -> decide -> ignore;
        ask B every -> decide;
        ask C every "1h" -> decide;
        ask D every "1h" nudge within "24h" -> decide;
        ask E every "1h" (nudge -> nudge) -> decide;
        ask F every "1h" nudge() -> decide;
        ask G every "0s" nudge -> decide;
        ask H every nudge -> decide;
        ask I evry "1h" nudge -> decide;
        ask J within "24h" evry "1h" nudge -> decide;
        ask K every "1h" ignore -> decide;
        ask L every "1h" nudge;
        when A -> begin -> ask A within "24h" evry "1h" nudge -> decide -> ignore;
        when B -> begin -> ask A every "1h" |_| () -> decide -> ignore
    };
}
