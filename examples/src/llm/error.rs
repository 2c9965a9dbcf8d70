//! What can go wrong in a chat, each said in one sentence.

use std::error::Error;
use std::io;
use std::time::Duration;

use super::body::one_line;

/// Why a question got no reply, or not all of one.
///
/// The display is one sentence for a person: what happened, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LlmError {
    /// The address is not one of an HTTP server.
    #[error(
        "`{address}` cannot be the address of a model server ({reason}): set OPENAI_BASE_URL to one like http://127.0.0.1:11434/v1."
    )]
    Address {
        /// The address as it was given.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The key cannot stand in an HTTP header.
    #[error(
        "The API key holds characters that cannot be sent: set OPENAI_API_KEY again, without line breaks or quotes."
    )]
    Key,
    /// The HTTP client could not be set up.
    #[error("The HTTP client could not be set up ({reason}): check this system's certificates.")]
    Client {
        /// What is wrong.
        reason: String,
    },
    /// Nothing listens at the server's address.
    #[error(
        "Nothing answers at {server}: start a model server there, or set OPENAI_BASE_URL to one that runs."
    )]
    Refused {
        /// The server's address.
        server: String,
    },
    /// The server's name has no address.
    #[error(
        "The host of {server} could not be found: check OPENAI_BASE_URL and the network connection."
    )]
    UnknownHost {
        /// The server's address.
        server: String,
    },
    /// No secure connection to the server could be made.
    #[error(
        "No secure connection to {server} could be made ({reason}): check that the address is right and that https is meant."
    )]
    Tls {
        /// The server's address.
        server: String,
        /// What is wrong.
        reason: String,
    },
    /// The server cannot be reached for another reason.
    #[error(
        "The model server at {server} could not be reached ({reason}): check OPENAI_BASE_URL and the network connection."
    )]
    Unreachable {
        /// The server's address.
        server: String,
        /// What is wrong.
        reason: String,
    },
    /// No connection was made in time.
    #[error(
        "The model server at {server} did not accept a connection within {}: check OPENAI_BASE_URL, or ask again.", duration(*.waited)
    )]
    ConnectTimeout {
        /// The server's address.
        server: String,
        /// How long it was given.
        waited: Duration,
    },
    /// The connection ended before an answer began.
    #[error("The model server gave no answer ({reason}): ask again.")]
    NoAnswer {
        /// What happened instead.
        reason: String,
    },
    /// The server fell silent.
    #[error("The model server has sent nothing for {}: ask again, or choose a faster model.", duration(*.waited))]
    Silent {
        /// How long it was given.
        waited: Duration,
    },
    /// The server does not accept the key (401).
    #[error(
        "The model server does not accept the API key ({}): set OPENAI_API_KEY to a key for {server}.", told(401, .message)
    )]
    Unauthorized {
        /// The server's address.
        server: String,
        /// What the server said.
        message: String,
    },
    /// The server does not allow this account to use the model (402, 403).
    #[error(
        "The model server does not allow this ({}): check the account behind OPENAI_API_KEY, or set OPENAI_MODEL to a model it may use.", told(*.status, .message)
    )]
    Forbidden {
        /// The HTTP status.
        status: u16,
        /// What the server said.
        message: String,
    },
    /// The address or the model does not exist on the server (404, 405).
    #[error(
        "The server at {server} does not know that address or model ({}): check OPENAI_BASE_URL, which mostly ends in /v1, and OPENAI_MODEL.", told(*.status, .message)
    )]
    NotFound {
        /// The server's address.
        server: String,
        /// The HTTP status.
        status: u16,
        /// What the server said.
        message: String,
    },
    /// Too many questions in too short a time (429).
    #[error("The model server wants fewer questions ({}): ask again {}.", told(429, .message), retry_after.as_deref().unwrap_or("a little later"))]
    RateLimited {
        /// What the server said.
        message: String,
        /// How long to wait, if the server said: "in 20 seconds".
        retry_after: Option<String>,
    },
    /// The server does not take this question (400 and the like).
    #[error("The model server did not take the question ({}): ask it differently.", told(*.status, .message))]
    Rejected {
        /// The HTTP status.
        status: u16,
        /// What the server said.
        message: String,
    },
    /// The server is loading its model or overloaded (503).
    #[error("The model server is not ready ({}): ask again {}.", told(503, .message), retry_after.as_deref().unwrap_or("a little later"))]
    NotReady {
        /// What the server said.
        message: String,
        /// How long to wait, if the server said: "in 20 seconds".
        retry_after: Option<String>,
    },
    /// The server failed (500 and the like).
    #[error("The model server failed ({}): ask again, or look into its log.", told(*.status, .message))]
    Failed {
        /// The HTTP status.
        status: u16,
        /// What the server said.
        message: String,
    },
    /// The server reported an error within the reply.
    #[error("The model server broke the reply off ({}): ask again.", said(.message))]
    InReply {
        /// What the server said.
        message: String,
    },
    /// The reply ended before the model was done.
    #[error("The reply was cut off before its end: ask again.")]
    Cut,
    /// The server sent something that is no chat reply.
    #[error(
        "The model server sent something that is not a chat reply ({reason}): ask again, or choose another server."
    )]
    Malformed {
        /// What is wrong.
        reason: String,
    },
    /// The address belongs to a web site, not to a model server.
    #[error(
        "{server} answers with a web page, not a model's reply: check OPENAI_BASE_URL, which mostly ends in /v1."
    )]
    WebPage {
        /// The server's address.
        server: String,
    },
    /// The embedded offline model could not start.
    #[error(
        "The offline model could not open a port on this machine ({0}): allow that, or set OPENAI_BASE_URL to a model server."
    )]
    Offline(#[source] io::Error),
}

impl LlmError {
    /// Whether the chat may go on after this: another question may succeed
    /// on the same server with the same settings.
    #[must_use]
    pub fn server_is_usable(&self) -> bool {
        match self {
            Self::Address { .. }
            | Self::Key
            | Self::Client { .. }
            | Self::Refused { .. }
            | Self::UnknownHost { .. }
            | Self::Tls { .. }
            | Self::Unreachable { .. }
            | Self::Unauthorized { .. }
            | Self::Forbidden { .. }
            | Self::NotFound { .. }
            | Self::WebPage { .. }
            | Self::Offline(_) => false,
            Self::ConnectTimeout { .. }
            | Self::NoAnswer { .. }
            | Self::Silent { .. }
            | Self::RateLimited { .. }
            | Self::Rejected { .. }
            | Self::NotReady { .. }
            | Self::Failed { .. }
            | Self::InReply { .. }
            | Self::Cut
            | Self::Malformed { .. } => true,
        }
    }

    /// The error for an answer with a status that is no success.
    pub(super) fn from_status(
        server: &str,
        status: u16,
        message: String,
        retry_after: Option<&str>,
    ) -> Self {
        let server = server.to_owned();
        let retry_after = retry_after.and_then(when);
        match status {
            401 => Self::Unauthorized { server, message },
            402 | 403 => Self::Forbidden { status, message },
            404 | 405 => Self::NotFound {
                server,
                status,
                message,
            },
            429 => Self::RateLimited {
                message,
                retry_after,
            },
            503 => Self::NotReady {
                message,
                retry_after,
            },
            500.. => Self::Failed { status, message },
            _ => Self::Rejected { status, message },
        }
    }
}

/// The root of an error, which names the cause without its circumstances.
pub(super) fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    one_line(&root.to_string())
}

fn told(status: u16, message: &str) -> String {
    if message.is_empty() {
        format!("status {status}")
    } else {
        format!("{status}: {message}")
    }
}

fn said(message: &str) -> &str {
    if message.is_empty() {
        "it did not say why"
    } else {
        message
    }
}

/// When to ask again, from a `Retry-After` header: seconds, or a date.
fn when(retry_after: &str) -> Option<String> {
    let value = retry_after.trim();
    if value.is_empty() {
        return None;
    }
    let seconds = value.parse::<f64>().ok();
    match seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds.ceil()).ok()) {
        Some(wait) => Some(format!("in {}", duration(wait))),
        // A date begins with a letter; anything else says nothing.
        None if value.starts_with(|c: char| c.is_ascii_alphabetic()) && seconds.is_none() => {
            Some(format!("after {}", one_line(value)))
        }
        None => None,
    }
}

fn duration(duration: Duration) -> String {
    match duration.as_secs() {
        0 => format!("{} milliseconds", duration.as_millis()),
        1 => "1 second".to_owned(),
        seconds @ 2..=120 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_told_in_words() {
        for (header, expected) in [
            ("20", Some("in 20 seconds")),
            ("1", Some("in 1 second")),
            ("0.5", Some("in 1 second")),
            ("3600", Some("in 60 minutes")),
            (
                "Wed, 21 Oct 2026 07:28:00 GMT",
                Some("after Wed, 21 Oct 2026 07:28:00 GMT"),
            ),
            ("-3", None),
            ("inf", None),
            ("", None),
        ] {
            assert_eq!(when(header).as_deref(), expected, "{header}");
        }
    }

    #[test]
    fn a_status_decides_whether_the_chat_may_go_on() {
        for (status, usable) in [
            (400, true),
            (401, false),
            (403, false),
            (404, false),
            (413, true),
            (429, true),
            (500, true),
            (502, true),
            (503, true),
        ] {
            let error = LlmError::from_status("http://x/v1", status, String::new(), None);
            assert_eq!(error.server_is_usable(), usable, "{status}");
        }
    }
}
