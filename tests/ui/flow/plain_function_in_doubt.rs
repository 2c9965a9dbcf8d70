// Functions without `#[handler]` whose other attribute could be one that adds it.
use flow_core::{Event, Res, Result, flow, handler};

#[derive(Event)]
struct Page(u32);

struct Db;

#[handler]
async fn list() -> Vec<u32> {
    vec![1, 2]
}

#[cfg(all())]
async fn fetch(page: u32) -> u32 {
    page
}

#[cfg(all())]
async fn store(Page(_): Page, _db: Res<Db>) -> Result<()> {
    Ok(())
}

fn main() {
    let _ = flow! { start -> list -> each fetch -> ignore };
    let _ = flow! {
        with Db;
        timeout "1m";
        external Page;
        start -> list -> ignore;
        when Page -> store;
        rescue store -> ignore
    };
}
