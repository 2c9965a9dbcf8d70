// A12: types without a name.
use flow_core::handler;

#[handler]
async fn reply(input: impl Into<String>) -> impl Send {
    input.into()
}

fn main() {}
