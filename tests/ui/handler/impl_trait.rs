// `impl Trait` as a parameter and as the return type.
use flow_core::handler;

#[handler]
async fn reply(input: impl Into<String>) -> impl Send {
    input.into()
}

fn main() {}
