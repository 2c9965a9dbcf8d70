// A rescue where one may be: the relatives of `rescue_in_*.rs` and `rescue_of_all_*.rs`.
use flow_core::{Failed, Result, flow, handler};

#[handler]
async fn split() -> Vec<u32> {
    vec![1, 2]
}

#[handler]
async fn some() -> Result<Vec<u32>> {
    Ok(vec![1, 2])
}

#[handler]
async fn open() -> Result<u32> {
    Ok(3)
}

#[handler]
async fn work(_n: u32) -> Result<()> {
    Ok(())
}

#[handler]
async fn tell(_n: u32) {}

#[handler]
async fn note(_failed: Failed) {}

#[handler]
async fn undo(_failed: Failed) -> Result<()> {
    Ok(())
}

fn main() {
    // Before, after and beside a join or an `each`, and in one, where it has an `else`.
    let _ = flow! { start -> open -> (tell, tell); rescue open -> note };
    let _ = flow! { start -> open -> (tell, work else note); rescue open -> note };
    let _ = flow! { start -> open -> (work else undo, tell); rescue open -> note };
    let _ = flow! { start -> open -> (tell, tell); rescue -> note };
    let _ = flow! {
        start -> open -> (work else note, tell) -> ignore;
        rescue -> note
    };
    let _ = flow! { start -> open -> tell; rescue -> note };
    let _ = flow! { start -> split -> each (work else undo)[8] -> ignore };
    let _ = flow! { start -> some -> each (work else skip)[8]; rescue -> note };
    // The rescue is for another place of the handler.
    let _ = flow! {
        start(u32) -> match { n if n == 0 => work, n => (work else note, tell) };
        rescue work -> note
    };
    // Chains, arms, and what stands in.
    let _ = flow! { start(u32) -> match { 0 => open -> work, n => work }; rescue work | open -> note };
    let _ = flow! { start(u32) -> work else undo; rescue undo -> note };
    let _ = flow! { start(u32) -> work; rescue work -> undo else note };
    // What fails in a rescue, in a join there too, fails the execution.
    let _ = flow! { start(u32) -> work; rescue -> undo };
    let _ = flow! { start(u32) -> work; rescue work -> undo };
}
