//! How the requests of `async-openai` reach a server, and what may come back.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use futures::stream::{StreamExt, TryStreamExt};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Body, Client, Method, Response};

use super::error::{LlmError, broken, no_reply, refused};

/// Why a request has failed or a reply has broken off, where it is not `async-openai` that knows
/// it.
pub(super) type Fault = Arc<OnceLock<LlmError>>;

/// A client for the server at this address, which may be silent for so long.
pub(super) fn client(address: &str, idle: Duration) -> Result<Client, LlmError> {
    #[cfg(feature = "https")]
    // It fails only where a provider is installed already.
    let _ = rustls_graviola::default_provider().install_default();
    let local = ["//localhost", "//127.", "//[::1]"];
    let is_local = local.iter().any(|local| address.contains(local));
    // People think for longer than servers keep idle connections.
    let http = Client::builder()
        .read_timeout(idle)
        .pool_max_idle_per_host(0);
    let http = if is_local { http.no_proxy() } else { http };
    http.build().map_err(|error| broken(&error))
}

/// Sends a request once: a person waits, and may ask again.
pub(super) async fn send(
    http: Client,
    request: HttpRequestFactory,
    fault: Fault,
) -> Result<Response, OpenAIError> {
    let mut request = request.build().await?;
    let key = request.headers().get(AUTHORIZATION);
    if key.is_some_and(|key| key == "Bearer ") {
        request.headers_mut().remove(AUTHORIZATION);
    }
    let asks = request.method() == Method::POST;
    let error = match http.execute(request).await {
        Err(error) => broken(&error),
        Ok(response) if !response.status().is_success() => {
            refused(response.status().as_u16(), &beginning(response).await)
        }
        Ok(response) if asks && is_document(&response) => no_reply(&beginning(response).await),
        Ok(response) if asks => return Ok(events(response, fault)),
        Ok(response) => return Ok(response),
    };
    let sentence = error.to_string();
    fault.get_or_init(|| error);
    Err(OpenAIError::InvalidArgument(sentence))
}

fn is_document(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.contains("/json") || kind.contains("/html")
}

/// As much of a body as arrives soon, for a message.
async fn beginning(response: Response) -> String {
    let enough = tokio::time::sleep(Duration::from_secs(5));
    let chunks = response.bytes_stream().take(64).take_until(enough);
    let body = chunks.filter_map(async |bytes| Some(bytes.ok()?.to_vec()));
    String::from_utf8_lossy(&body.concat().await).into_owned()
}

/// The same events; if the connection breaks, `fault` says why.
fn events(response: Response, fault: Fault) -> Response {
    let bytes = response.bytes_stream().map_err(move |error| {
        fault.get_or_init(|| broken(&error));
        error
    });
    hyper::Response::new(Body::wrap_stream(bytes)).into()
}
