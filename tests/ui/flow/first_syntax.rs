// `first` has branches, and is no stand-in.
use flow_core::{flow, handler};

#[handler]
async fn fetch(n: u32) -> u32 {
    n
}

#[handler]
async fn all() -> Vec<u32> {
    Vec::new()
}

fn main() {
    let _ = flow! {
        start(u32) -> first (fetch) -> fetch;
        rescue fetch -> first ();
        finally within "1s" -> all -> each first (fetch, fetch)[8];
        rescue -> fetch else first (fetch, fetch)
    };
}
