//! The replacement of a handler takes another type.

use flow_core::{flow, handler};

#[handler]
async fn count(text: String) -> u32 {
    text.len().try_into().unwrap_or(u32::MAX)
}

fn main() {
    let flow = flow! { start(String) -> count -> ignore };
    let _ = flow.replace::<count>().by(async |number: u32, _| number);
}
