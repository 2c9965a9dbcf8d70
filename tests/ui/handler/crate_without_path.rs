use flow_core::{Event, handler};

#[derive(Event)]
#[event(crate)]
struct Asked;

#[handler(crate = 3)]
async fn asks() {}

#[handler(crate = flow_core, crate = flow_core)]
async fn twice() {}

fn main() {}
