// Functions and methods of a type or a trait.
use flow_core::{Cx, handler};

struct Bot;

impl Bot {
    const GREETING: &str = "hello";

    #[handler]
    async fn greet(cx: &Cx) {
        cx.put(Self::GREETING).await;
    }

    /// Doubles.
    #[handler(timeout = "1s")]
    pub async fn double(n: u32) -> u32 {
        n * 2
    }

    #[handler]
    async fn reply(&self, cx: &Cx) {
        cx.put("no").await;
    }

    fn run(self) {
        // This one is a free function.
        #[handler]
        async fn inside(cx: &Cx) {
            cx.put("yes").await;
        }
        let _ = flow_core::flow! { start -> inside };
    }
}

trait Asks {
    #[handler]
    async fn ask(cx: &Cx) {
        cx.put("?").await;
    }
}

fn main() {
    Bot.run();
}
