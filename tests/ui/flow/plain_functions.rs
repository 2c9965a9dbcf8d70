// Functions without `#[handler]`, in the places of a route and in a flow with a name.
use flow_core::{Event, Res, Result, flow, handler};

#[derive(Event)]
struct Asked(String);

struct Llm;

// A name that is almost that of a function.
struct Summarise;

#[handler]
async fn list() -> Vec<u32> {
    vec![1, 2]
}

async fn summarise(Asked(question): Asked, llm: Res<Llm>) -> Result<String> {
    let _ = llm;
    Ok(question)
}

async fn fetch(page: u32) -> Result<u32> {
    Ok(page)
}

async fn refund(page: u32) -> u32 {
    page
}

flow! {
    pub flow Summary(Asked) -> String;
    with Llm;
    start -> summarise -> end;
}

fn main() {
    let _ = Summary::new().with(Llm);
    let total: Result<u32, flow_core::FlowError> = flow! {
        start -> list -> each fetch -> refund -> end;
        rescue list -> refund
    }
    .run(())
    .into();
    let _ = total;
}
