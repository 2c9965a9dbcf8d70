// A retried handler whose input is not `Clone`.
use flow_core::{Event, handler};

#[derive(Event)]
struct Ask(String);

#[handler(on = "Ask", retry(attempts = 3))]
async fn fetch(Ask(question): Ask) -> flow_core::Result<()> {
    question.parse::<u8>()?;
    Ok(())
}

type Short = Ask;

#[handler(retry(attempts = 3))]
async fn fetch_by_another_name(ask: Short) -> flow_core::Result<()> {
    let _ = ask.0;
    Ok(())
}

fn main() {}
