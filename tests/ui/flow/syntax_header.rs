// Syntax errors in the first line of a flow.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

flow! {
    flow NoOutput ->;
    start -> begin
}

flow! {
    flow NoItems streams;
    start -> begin
}

flow! {
    flow TwoInputs(u8, u8);
    start -> begin
}

flow! {
    flow Generic<T>(T);
    start -> begin
}

flow! {
    flow BadInput(7);
    start -> begin
}

flow! {
    flow BadOutput -> 7;
    start -> begin
}

flow! {
    pub flow;
    start -> begin
}

flow! {
    flow 7;
    start -> begin
}

flow! {
    flow Rest(u8) with u8;
    start -> begin
}

flow! {
    pub Chat(u8);
    start -> begin
}

flow! {
    flo Chat(u8);
    start -> begin
}

fn main() {}
