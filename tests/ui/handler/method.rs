// A method.
use flow_core::{Event, handler};

#[derive(Event)]
struct UserInput(String);

struct Bot;

impl Bot {
    #[handler(on = "UserInput")]
    async fn reply(&self, input: UserInput) {
        let _ = input;
    }
}

fn main() {}
