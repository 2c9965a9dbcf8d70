// A parameter and a return type that do not exist.
use flow_core::handler;

struct Question;
struct Answer;

#[handler]
async fn reply(_input: Qestion) -> Anwser {
    Answer
}

fn main() {}
