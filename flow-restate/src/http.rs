//! Requests to a server of Restate.

use std::error::Error;
use std::fmt::{self, Write};

use bytes::Bytes;
use flow_core::durable::Unavailable;
use http::{Method, Request, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// One of the addresses of a server.
#[derive(Clone)]
pub(crate) struct Http {
    client: legacy::Client<HttpConnector, Full<Bytes>>,
    base: String,
}

/// The server has not done what it was asked for.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server has replied {}: {}", self.status, self.body)
    }
}

impl Error for Failed {}

impl Http {
    pub(crate) fn new(base: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self {
            client: legacy::Client::builder(TokioExecutor::new()).build(connector),
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    /// The body of a response that is a success.
    pub(crate) async fn post(
        &self,
        path: &str,
        content_type: &str,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, Unavailable> {
        let uri: Uri = format!("{}{path}", self.base)
            .parse()
            .map_err(Unavailable::new)?;
        let request = Request::builder()
            .method(Method::POST)
            .uri(uri)
            .header(header::CONTENT_TYPE, content_type)
            .header(header::ACCEPT, content_type)
            .body(Full::new(Bytes::from(body)))
            .map_err(Unavailable::new)?;
        let response = self.client.request(request).await;
        let response = response.map_err(Unavailable::new)?;
        let status = response.status();
        let body = response.into_body().collect().await;
        let body = body.map_err(Unavailable::new)?.to_bytes();
        if status.is_success() {
            return Ok(body.into());
        }
        Err(Unavailable::new(Failed {
            status: status.as_u16(),
            body: String::from_utf8_lossy(&body).into_owned(),
        }))
    }
}

/// A part of a path, in which only what is unreserved stands for itself.
pub(crate) fn part(text: &str) -> String {
    let mut part = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                part.push(char::from(byte));
            }
            _ => {
                // Writing to a string cannot fail.
                let _written = write!(part, "%{byte:02X}");
            }
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_that_asks_for_tls_is_refused_and_nothing_goes_in_the_clear() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("https://{}", listener.local_addr().unwrap());
        let refused = Http::new(&base).post("/", "text/plain", Vec::new()).await;
        let refused = refused.unwrap_err();
        let mut reasons = vec![refused.to_string()];
        let mut source = refused.source();
        while let Some(error) = source {
            reasons.push(error.to_string());
            source = error.source();
        }
        let reasons = reasons.join(": ");
        assert!(reasons.contains("scheme is not http"), "{reasons}");
        let connected = futures_util::FutureExt::now_or_never(listener.accept());
        assert!(connected.is_none(), "nobody has connected");
    }
}
