// A flow with a name is an item, not a value.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

fn main() {
    let chat = flow! { flow Chat; start -> begin };
    chat.run(());
    let other;
    other =
        // A comment.
        flow_core::flow! {
            pub flow Other;
            start -> begin
        };
    let _ = other;
}
