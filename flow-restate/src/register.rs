//! How a server learns of workers.

use flow_core::durable::Unavailable;
use serde_json::json;

use crate::http::Http;

/// Tells a server that there are workers at this address. `admin` is the address of the server's
/// admin interface, such as `http://127.0.0.1:9070`, and `worker` that of the workers, as the
/// server reaches them.
///
/// It may be repeated. An execution that runs goes on with the workers that it has; the next time
/// it wakes, and each new one, goes to the address that was registered last. So a new version of a
/// program is registered under an address of its own, and the old one is stopped when nothing runs
/// there any more.
///
/// A program that has changed at the *same* address takes another word of its own,
/// [`register_anew`].
///
/// # Errors
///
/// If the server or the workers cannot be reached, or do not understand each other.
pub async fn register(admin: &str, worker: &str) -> Result<(), Unavailable> {
    post(admin, worker, false).await
}

/// Tells a server that the workers at this address have other flows than before: where only one
/// address is to be had, as in development.
///
/// # Errors
///
/// As [`register`].
pub async fn register_anew(admin: &str, worker: &str) -> Result<(), Unavailable> {
    post(admin, worker, true).await
}

async fn post(admin: &str, worker: &str, force: bool) -> Result<(), Unavailable> {
    let body = json!({ "uri": worker, "force": force }).to_string();
    let server = Http::new(admin);
    let body = body.into_bytes();
    let _deployment = server
        .post("/deployments", "application/json", body)
        .await?;
    Ok(())
}
