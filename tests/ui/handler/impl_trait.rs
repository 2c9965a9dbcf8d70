// `impl Trait` as a parameter and as the return type, or within one.
use flow_core::handler;

#[handler]
async fn reply(input: impl Into<String>) -> impl Send {
    input.into()
}

#[handler]
async fn nested(inputs: Vec<impl Send>) -> Option<Box<impl Send>> {
    inputs.into_iter().next().map(Box::new)
}

fn main() {}
