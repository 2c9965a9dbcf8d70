use flow_core::{Res, flow, handler};

struct Draft(String);

struct Article(String);

struct Llm;

#[handler]
async fn write(Draft(text): Draft, _llm: Res<Llm>) -> Article {
    Article(text)
}

flow! {
    pub flow Writing(Draft) -> Article;
    with Llm;
    start -> write -> end
}

fn main() {}
