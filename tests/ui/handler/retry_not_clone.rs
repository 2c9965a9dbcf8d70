// A retried handler whose input is not `Clone`.
use flow_core::{Event, handler};

#[derive(Event)]
struct Ask(String);

#[handler(on = "Ask", retry(attempts = 3))]
async fn fetch(Ask(question): Ask) -> flow_core::Result<()> {
    question.parse::<u8>()?;
    Ok(())
}

fn main() {}
