//! Why a request to an execution was not done.

use std::error::Error;
use std::fmt;

use crate::durable::encoded::Encoded;
use crate::durable::store::Unavailable;
use crate::error::FlowError;
use crate::records::codec::CodecError;
use crate::records::message::Refused;

/// Why a request to a durable execution was not done, and what to do about it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RequestError {
    /// There is no execution with this id: start it.
    NotFound {
        /// The id.
        id: String,
    },
    /// The execution cannot be started: the input is none that the flow takes, or a value of it
    /// cannot be written.
    NotStarted(FlowError),
    /// There is an execution with this id and another input: choose another id, or repeat the first
    /// request.
    OtherInput {
        /// The id.
        id: String,
        /// What the execution was started with.
        started_with: Encoded,
        /// The input of this request.
        given: Encoded,
    },
    /// The question was answered in another way.
    OtherAnswer {
        /// The number of the question.
        number: u64,
        /// The first answer, which counts.
        answered: Encoded,
        /// The answer of this request.
        given: Encoded,
    },
    /// The execution does not take this.
    Refused(Refused),
    /// The execution has failed. Nothing more comes of it.
    Failed(FlowError),
    /// The program cannot go on with the execution, which is left as it is: run a program that can.
    Blocked {
        /// The reason.
        reason: FlowError,
    },
    /// The process has died each time that the execution was running: find the handler that aborts
    /// it, and ask for another try.
    Poisoned {
        /// How many times.
        loads: u32,
    },
    /// The execution was over, and its output and items were removed.
    Purged {
        /// The id.
        id: String,
    },
    /// The execution is not over: wait for its end, or cancel it.
    Unfinished {
        /// The id.
        id: String,
    },
    /// The position is none of this back end.
    NoPosition(String),
    /// The items of the execution go through a stream that this program was not given.
    NoStream {
        /// Which one.
        stream: String,
    },
    /// No history is kept of the execution.
    NoHistory {
        /// The id.
        id: String,
    },
    /// A value, an id or a key is too large to be kept.
    TooLarge {
        /// Which one.
        what: String,
        /// How many bytes it has.
        size: usize,
        /// How many it may have.
        at_most: usize,
    },
    /// A value is not what the flow takes or yields.
    Codec(CodecError),
    /// The host, and its executions with it, was dropped: what is durable goes on with the next
    /// one.
    Closed,
    /// The outcome is unknown: repeat the request. What it asks for is done once, even if it was
    /// done before.
    Unavailable(Unavailable),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { id } => write!(f, "there is no execution `{id}`: start it first"),
            Self::NotStarted(_) => f.write_str("the execution cannot be started with this input"),
            Self::OtherInput {
                id,
                started_with,
                given,
            } => write!(
                f,
                "the execution `{id}` was started with {}, not with {}: choose another id",
                Short(started_with),
                Short(given)
            ),
            Self::OtherAnswer {
                number,
                answered,
                given,
            } => write!(
                f,
                "the question {number} was answered with {}, not with {}: the first answer counts",
                Short(answered),
                Short(given)
            ),
            Self::Refused(refused) => fmt::Display::fmt(refused, f),
            Self::Failed(_) => f.write_str("the execution has failed"),
            Self::Blocked { .. } => f.write_str(
                "this program cannot go on with the execution, which is left as it is: run one that \
                 can",
            ),
            Self::Poisoned { loads } => write!(
                f,
                "the process has died {loads} times while the execution was running: find the \
                 handler that aborts it, then retry the execution"
            ),
            Self::Purged { id } => write!(f, "what was kept of the execution `{id}` was removed"),
            Self::Unfinished { id } => write!(
                f,
                "the execution `{id}` is not over: wait for its end, or cancel it"
            ),
            Self::NoPosition(position) => write!(
                f,
                "`{position}` is no position in the items of an execution: use one that came with \
                 an item"
            ),
            Self::NoStream { stream } => write!(
                f,
                "the items of the execution go through the stream {stream}, which this client was \
                 not given: give it the one that the workers have"
            ),
            Self::NoHistory { id } => write!(
                f,
                "no history is kept of the execution `{id}`: have the program that runs it keep one"
            ),
            Self::TooLarge {
                what,
                size,
                at_most,
            } => write!(
                f,
                "{what} has {size} bytes, and may have {at_most}: keep it elsewhere and send where \
                 it is, or raise the limit"
            ),
            Self::Codec(error) => fmt::Display::fmt(error, f),
            Self::Closed => f.write_str(
                "the host of the execution was dropped: what is durable goes on with the next host",
            ),
            Self::Unavailable(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl Error for RequestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed(error) | Self::NotStarted(error) | Self::Blocked { reason: error } => {
                Some(error)
            }
            Self::Unavailable(error) => error.source(),
            Self::Codec(error) => error.source(),
            _ => None,
        }
    }
}

impl From<Unavailable> for RequestError {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error)
    }
}

impl From<CodecError> for RequestError {
    fn from(error: CodecError) -> Self {
        Self::Codec(error)
    }
}

/// A value in a message.
struct Short<'a>(&'a Encoded);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 200;
        let text = self.0.to_string();
        match text.char_indices().nth(MOST) {
            Some((end, _)) => write!(f, "`{}…`", text.get(..end).unwrap_or_default()),
            None => write!(f, "`{text}`"),
        }
    }
}
