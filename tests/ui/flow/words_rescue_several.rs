// Handlers of a `rescue` that are combined by something else than one `|`, and one named twice.
use flow_core::{Failed, Result, flow, handler};

#[handler]
async fn load() -> Result<()> {
    Ok(())
}

#[handler]
async fn save() -> Result<()> {
    Ok(())
}

#[handler]
async fn log(failed: Failed) {
    drop(failed);
}

fn main() {
    let _ = flow! { start -> load -> save; rescue load || save -> log };
    let _ = flow! { start -> load -> save; rescue load, save -> log };
    let _ = flow! { start -> load -> save; rescue load & save -> log };
    let _ = flow! { start -> load -> save; rescue load | load -> log };
}
