//! A model server: its address, and the requests it takes.

use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, Url};

use super::body;
use super::conversation::Message;
use super::error::{LlmError, root_cause};
use super::wire::{ChatRequest, ModelList, StreamOptions};

/// Error bodies are read up to this many bytes, and for this long.
const LONGEST_ERROR_BODY: usize = 64 * 1024;
const ERROR_BODY_TIME: Duration = Duration::from_secs(5);

/// How long the server may take. There is no limit on a reply as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// To accept a connection.
    pub(super) connect: Duration,
    /// Between one byte and the next, and before the first.
    pub(super) idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(120),
        }
    }
}

/// A model server and the key for it.
pub(super) struct Endpoint {
    client: Client,
    base: Url,
    key: Option<HeaderValue>,
    limits: Limits,
}

impl Endpoint {
    pub(super) fn new(address: &str, key: Option<&str>, limits: Limits) -> Result<Self, LlmError> {
        let base = parse(address.trim()).map_err(|reason| LlmError::Address {
            address: address.to_owned(),
            reason,
        })?;
        let key = match key.map(str::trim).filter(|key| !key.is_empty()) {
            Some(key) => {
                let mut value =
                    HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| LlmError::Key)?;
                value.set_sensitive(true);
                Some(value)
            }
            None => None,
        };
        Ok(Self {
            client: client(&base, limits)?,
            base,
            key,
            limits,
        })
    }

    pub(super) fn with_idle_timeout(mut self, idle: Duration) -> Result<Self, LlmError> {
        self.limits.idle = idle;
        self.client = client(&self.base, self.limits)?;
        Ok(self)
    }

    /// The address as it may be shown: without a password or a query.
    pub(super) fn address(&self) -> String {
        let mut shown = self.base.clone();
        // Neither can fail on an address that has a host.
        let _ = shown.set_username("");
        let _ = shown.set_password(None);
        shown.set_query(None);
        shown.as_str().trim_end_matches('/').to_owned()
    }

    /// Asks for a streamed reply to the last of `messages`.
    pub(super) async fn chat(
        &self,
        model: &str,
        messages: &[Message],
    ) -> Result<Response, LlmError> {
        let request = ChatRequest {
            model,
            messages,
            stream: true,
            stream_options: StreamOptions {
                include_usage: true,
            },
        };
        let url = self.url("chat/completions");
        self.send(self.client.post(url).json(&request)).await
    }

    /// The names of the models the server offers.
    pub(super) async fn models(&self) -> Result<Vec<String>, LlmError> {
        let response = self.send(self.client.get(self.url("models"))).await?;
        if is_web_page(&response) {
            return Err(self.web_page());
        }
        let list = response
            .bytes()
            .await
            .map_err(|error| broken(&error, self.limits.idle))?;
        serde_json::from_slice::<ModelList>(&list)
            .map(ModelList::into_names)
            .map_err(|error| malformed(&error))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, LlmError> {
        let request = match &self.key {
            Some(key) => request.header(AUTHORIZATION, key),
            None => request,
        };
        let response = request.send().await.map_err(|error| self.unsent(&error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let message = body::message(&error_body(response).await);
        Err(LlmError::from_status(
            &self.address(),
            status,
            message,
            retry_after.as_deref(),
        ))
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!(
            "{}/{path}",
            self.base.path().trim_end_matches('/')
        ));
        url
    }

    pub(super) fn web_page(&self) -> LlmError {
        LlmError::WebPage {
            server: self.address(),
        }
    }

    /// The error for a request that got no answer.
    fn unsent(&self, error: &reqwest::Error) -> LlmError {
        let server = self.address();
        let reason = root_cause(error);
        if error.is_connect() {
            let waited = self.limits.connect;
            return match io_kind(error) {
                _ if error.is_dns() => LlmError::UnknownHost { server },
                _ if error.is_timeout() => LlmError::ConnectTimeout { server, waited },
                Some(io::ErrorKind::ConnectionRefused) => LlmError::Refused { server },
                Some(
                    io::ErrorKind::HostUnreachable
                    | io::ErrorKind::NetworkUnreachable
                    | io::ErrorKind::NetworkDown
                    | io::ErrorKind::AddrNotAvailable
                    | io::ErrorKind::PermissionDenied,
                ) => LlmError::Unreachable { server, reason },
                // A connection that was made and still failed: the handshake.
                _ if self.base.scheme() == "https" => LlmError::Tls { server, reason },
                _ => LlmError::Unreachable { server, reason },
            };
        }
        if error.is_timeout() {
            let waited = self.limits.idle;
            return LlmError::Silent { waited };
        }
        if error.is_redirect() || error.is_builder() {
            return LlmError::Unreachable { server, reason };
        }
        LlmError::NoAnswer { reason }
    }

    pub(super) fn idle_limit(&self) -> Duration {
        self.limits.idle
    }
}

/// The error for an answer that broke off.
pub(super) fn broken(error: &reqwest::Error, idle: Duration) -> LlmError {
    if error.is_timeout() {
        LlmError::Silent { waited: idle }
    } else {
        LlmError::Cut
    }
}

/// The error for JSON that is not what the protocol says.
pub(super) fn malformed(error: &serde_json::Error) -> LlmError {
    // JSON that stops early was cut; other faults were sent that way.
    if error.is_eof() {
        return LlmError::Cut;
    }
    LlmError::Malformed {
        reason: body::one_line(&error.to_string()),
    }
}

pub(super) fn is_web_page(response: &Response) -> bool {
    content_type(response).is_some_and(|value| value.starts_with("text/html"))
}

pub(super) fn is_json(response: &Response) -> bool {
    content_type(response).is_some_and(|value| value.starts_with("application/json"))
}

fn content_type(response: &Response) -> Option<String> {
    let value = response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.trim().to_ascii_lowercase())
}

fn parse(address: &str) -> Result<Url, String> {
    if !address.starts_with("http://") && !address.starts_with("https://") {
        return Err("it must begin with http:// or https://".to_owned());
    }
    Url::parse(address).map_err(|error| error.to_string())
}

fn client(base: &Url, limits: Limits) -> Result<Client, LlmError> {
    let mut builder = Client::builder()
        .connect_timeout(limits.connect)
        .read_timeout(limits.idle)
        // People think for longer than servers keep idle connections, and a
        // question sent just as the server closes one would be lost.
        .pool_max_idle_per_host(0);
    if base.scheme() == "http" {
        // A system without certificates can still talk to a local server.
        builder = builder.tls_certs_only([]);
    }
    if is_loopback(base) {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| LlmError::Client {
        reason: root_cause(&error),
    })
}

fn is_loopback(base: &Url) -> bool {
    base.host_str().is_some_and(|host| {
        host == "localhost"
            || host
                .trim_matches(['[', ']'])
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    })
}

/// The kind of the operating system's error behind `error`.
fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut source = error.source();
    let mut kind = None;
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            kind = Some(error.kind());
        }
        source = error.source();
    }
    kind
}

/// As much of an error's body as arrives in time; it is only for a message.
async fn error_body(mut response: Response) -> String {
    let mut body = Vec::new();
    let read = async {
        while let Ok(Some(bytes)) = response.chunk().await {
            body.extend_from_slice(&bytes);
            if body.len() > LONGEST_ERROR_BODY {
                break;
            }
        }
    };
    // Whatever has arrived by then will do.
    let _ = tokio::time::timeout(ERROR_BODY_TIME, read).await;
    String::from_utf8_lossy(&body).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(address: &str) -> Endpoint {
        Endpoint::new(address, None, Limits::default()).unwrap()
    }

    #[test]
    fn a_slash_at_the_end_of_the_address_makes_no_difference() {
        for address in ["http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1/"] {
            let url = endpoint(address).url("chat/completions");
            assert_eq!(url.as_str(), "http://127.0.0.1:1/v1/chat/completions");
        }
        let url = endpoint("http://127.0.0.1:1").url("models");
        assert_eq!(url.as_str(), "http://127.0.0.1:1/models");
    }

    #[test]
    fn a_query_in_the_address_is_sent_but_not_shown() {
        let endpoint = endpoint("http://me:secret@127.0.0.1:1/v1?api-version=1");
        assert!(
            endpoint
                .url("models")
                .as_str()
                .ends_with("/v1/models?api-version=1")
        );
        assert_eq!(endpoint.address(), "http://127.0.0.1:1/v1");
    }

    #[test]
    fn an_address_without_a_scheme_is_refused_with_an_example() {
        let error = Endpoint::new("localhost:8080/v1", None, Limits::default())
            .err()
            .unwrap();
        assert_eq!(
            error.to_string(),
            "`localhost:8080/v1` cannot be the address of a model server (it must begin with http:// or https://): \
             set OPENAI_BASE_URL to one like http://127.0.0.1:11434/v1."
        );
    }

    #[test]
    fn a_key_with_a_line_break_inside_is_refused_without_showing_it() {
        let error = Endpoint::new("http://x/v1", Some("sec\nret"), Limits::default())
            .err()
            .unwrap();
        assert!(matches!(error, LlmError::Key));
        assert!(!error.to_string().contains("sec"));
    }
}
