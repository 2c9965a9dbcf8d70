// An error that another thread could not have.
use std::error::Error;

use flow_core::{flow, handler};

#[handler]
async fn parse(text: String) -> Result<u32, Box<dyn Error>> {
    Ok(text.parse()?)
}

#[handler]
async fn double(n: u32) -> std::result::Result<u32, Box<dyn std::error::Error + 'static>> {
    Ok(n * 2)
}

fn main() {
    let parsed = flow! { start(String) -> parse -> double -> end };
    let _ = parsed.run("3".to_owned());
}
