use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Asked;

#[derive(Event)]
struct Retried;

#[handler]
async fn ask() -> Asked {
    Asked
}

#[handler(on = Asked)]
async fn answer() {}

#[handler(on = Retried)]
async fn retry() -> Option<Retried> {
    Some(Retried)
}

fn main() {
    flow! {
        start -> ask -> emit;
        when Asked -> answer;
        when Retried -> retry -> emit
    };
}
