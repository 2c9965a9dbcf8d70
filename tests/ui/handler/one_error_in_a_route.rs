// A handler with an error is reported once, even if its value is used.
use flow_core::{Failed, Res, State, flow, handler};

struct Llm;

#[handler(onn = "Loop")]
async fn split(text: String, _llm: Res<Llm>, _n: State<u32>) -> flow_core::Result<Vec<String>> {
    Ok(vec![text])
}

#[handler(streems = "u32")]
async fn length(text: String) -> usize {
    text.len()
}

#[handler]
async fn sum(all: Vec<usize>) -> usize {
    all.into_iter().sum()
}

#[handler]
async fn log(_failed: Failed) {}

fn main() {
    let _ = flow! {
        with Llm;
        state u32;
        start(String) -> split -> each length[8] -> sum -> end;
        rescue split -> log
    };
}
