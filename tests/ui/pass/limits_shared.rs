// A `concurrency` that all executions share, with literals, constants and other limits.
use flow_core::{Cx, Event, Result, flow, handler};

const CALLS: usize = 4;

#[derive(Clone, Event)]
struct Ask(String);

#[handler(
    on = Ask,
    timeout = "30s",
    retry(attempts = 3),
    concurrency(CALLS * 2, shared),
)]
async fn fetch(Ask(question): Ask, cx: &Cx) -> Result<()> {
    cx.put(question).await;
    Ok(())
}

#[handler(concurrency(usize::MAX, shared,))]
async fn unlimited() {}

mod elsewhere {
    #[flow_core::handler(concurrency(self::calls(), shared))]
    pub async fn fetch(_: super::Ask) {}

    const fn calls() -> usize {
        1
    }
}

macro_rules! limited {
    ($name:ident, $calls:expr) => {
        #[handler(concurrency($calls, shared))]
        async fn $name() {}
    };
}

limited!(by_literal, 3);
limited!(by_constant, CALLS);

fn main() {
    let _ = flow! {
        start(Ask) -> fetch
    };
    let _ = flow! {
        start -> unlimited -> by_literal -> by_constant
    };
    let _ = flow! {
        start(Ask) -> elsewhere::fetch
    };
    /// A handler in a function has permits of its own.
    async fn _generic<T>() {
        #[handler(concurrency(1, shared))]
        async fn inner() {}
        let _ = flow! { start -> inner };
    }
}
