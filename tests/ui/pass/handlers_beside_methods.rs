//! Handlers with the names of functions in `impl` blocks.
use flow_core::{Cx, flow, handler};

struct Bot;

impl Bot {
    async fn greet(&self) {}

    fn flow() {
        #[handler]
        async fn part(cx: &Cx) {
            cx.put("part").await;
        }

        let _ = flow! { start -> part };
    }

    fn part() {}
}

#[handler]
async fn greet(cx: &Cx) {
    cx.put("hello").await;
}

mod bots {
    #[flow_core::handler]
    pub async fn greet() {}
}

mod shapes {
    pub struct Round;

    impl Round {
        pub fn draw(&self) {}
    }

    pub mod round {
        #[flow_core::handler]
        pub async fn draw() {}
    }
}

fn main() {
    Bot::flow();
    Bot::part();
    drop(Bot.greet());
    shapes::Round.draw();
    let _ = flow! { start -> greet -> bots::greet -> shapes::round::draw };
}
