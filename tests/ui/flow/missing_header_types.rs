// A named flow with types that do not exist.
use flow_core::{Res, flow, handler};

struct Llm;
struct Question;
struct Answer;

#[handler]
async fn ask(_question: Question, _llm: Res<Llm>) -> Answer {
    Answer
}

flow! {
    flow Chat(Qestion) -> Anwser streams Itme;
    with Lml;
    state Totla;
    start -> ask -> end
}

fn main() {}
