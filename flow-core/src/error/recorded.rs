//! An error as it is recorded.

use std::error::Error;
use std::fmt;

use crate::error::flow_error::FlowError;
use crate::error::kind::FlowErrorKind;

/// How many sources of an error are recorded.
const MAX_SOURCES: usize = 32;

/// The error of a handler of a durable flow, if its type is a [`BoxError`](crate::BoxError) or has
/// not serde's traits: what is recorded of it.
///
/// A boxed error can be of any type, so the type itself is not recorded. The error arrives as a
/// `Recorded` in a `rescue` and in an `else`, and as the source of the execution's [`FlowError`].
/// That is so whether the process was restarted in between or not, so that a flow that is tested in
/// memory does the same on a store. A [`TimedOut`](crate::TimedOut) in a box stays what it is.
///
/// A rescue of a handler that returns a `BoxError` takes a [`Failed`](crate::Failed), with the
/// `Recorded` in the box. That of a handler with another error takes a `Failed<Recorded>`.
///
/// To tell errors apart, let the handler return an `enum` that derives serde's traits instead. It
/// arrives as that type.
///
/// ```
/// use flow_core::{Cx, Failed, Recorded, handler};
///
/// #[handler]
/// async fn apologise(failed: Failed, cx: &Cx) {
///     match failed.error.downcast_ref::<Recorded>() {
///         Some(recorded) if recorded.chain().any(|text| text.contains("refused")) => {
///             cx.put("the server is down".to_owned()).await;
///         }
///         _ => cx.put(format!("sorry: {failed}")).await,
///     }
/// }
///
/// let refused = std::io::Error::other("connection refused");
/// let error = Recorded::of(&refused);
/// assert_eq!(error.to_string(), "connection refused");
/// ```
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "Parts", into = "Parts")]
pub struct Recorded {
    kind: FlowErrorKind,
    text: Text,
}

/// A message, and the source behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Text {
    message: String,
    source: Option<Box<Text>>,
}

/// What is written.
#[derive(serde::Serialize, serde::Deserialize)]
struct Parts {
    kind: FlowErrorKind,
    message: String,
    chain: Vec<String>,
}

impl Recorded {
    /// Creates what is recorded of this error. One that is a `Recorded` stays what it is.
    #[must_use]
    pub fn of(error: &(dyn Error + 'static)) -> Self {
        if let Some(recorded) = error.downcast_ref::<Self>() {
            return recorded.clone();
        }
        let kind = error.downcast_ref::<FlowError>().map(FlowError::kind);
        let mut chain = Vec::new();
        let mut source = error.source();
        while let Some(error) = source.filter(|_| chain.len() < MAX_SOURCES) {
            chain.push(error.to_string());
            source = error.source();
        }
        Self::from(Parts {
            kind: kind.unwrap_or(FlowErrorKind::Failed),
            message: error.to_string(),
            chain,
        })
    }

    /// Returns the kind of the error if it was that of an execution, a [`FlowError`], and otherwise
    /// [`FlowErrorKind::Failed`].
    #[must_use]
    pub fn kind(&self) -> FlowErrorKind {
        self.kind
    }

    /// Returns the message of the error, without those of its sources.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.text.message
    }

    /// Returns the message of the error, that of its [`source`](Error::source), and so on.
    pub fn chain(&self) -> impl Iterator<Item = &str> {
        let all = std::iter::successors(Some(&self.text), |text| text.source.as_deref());
        all.map(|text| text.message.as_str())
    }
}

impl From<Parts> for Recorded {
    fn from(parts: Parts) -> Self {
        let chain = parts.chain.into_iter().take(MAX_SOURCES);
        let source = chain.rev().fold(None, |source, message| {
            Some(Box::new(Text { message, source }))
        });
        let message = parts.message;
        Self {
            kind: parts.kind,
            text: Text { message, source },
        }
    }
}

impl From<Recorded> for Parts {
    fn from(recorded: Recorded) -> Self {
        Self {
            kind: recorded.kind,
            chain: recorded.chain().skip(1).map(str::to_owned).collect(),
            message: recorded.text.message,
        }
    }
}

/// Writes the message; `{:#}` appends each source after a colon.
impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())?;
        if f.alternate() {
            for message in self.chain().skip(1) {
                write!(f, ": {message}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recorded")
            .field(&self.kind)
            .field(&self.chain().collect::<Vec<_>>())
            .finish()
    }
}

impl Error for Recorded {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.text.source.as_deref()?;
        Some(source)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Text {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::error::Error;

    use super::{MAX_SOURCES, Recorded};
    use crate::error::boxed::BoxError;
    use crate::error::flow_error::FlowError;
    use crate::error::kind::FlowErrorKind;
    use crate::records::codec::{from_bytes, to_bytes};

    /// So many errors, each the source of the one before.
    fn nested(sources: usize) -> BoxError {
        let mut error: BoxError = "0".into();
        for _ in 0..sources {
            error = FlowError::new(FlowErrorKind::Idle, error).into();
        }
        error
    }

    #[test]
    fn an_error_comes_back_with_its_sources() {
        let recorded = Recorded::of(&*nested(2));
        let back: Recorded = from_bytes(&to_bytes(&recorded).unwrap()).unwrap();
        assert_eq!(back, recorded);
        assert_eq!(back.kind(), FlowErrorKind::Idle);
        let idle = "the execution was idle for too long";
        assert_eq!(back.chain().collect::<Vec<_>>(), [idle, idle, "0"]);
        assert_eq!(back.source().unwrap().source().unwrap().to_string(), "0");
        assert_eq!(format!("{back}"), idle);
        assert_eq!(format!("{back:#}"), format!("{idle}: {idle}: 0"));
        assert_eq!(Recorded::of(&back), back);
    }

    #[test]
    fn a_chain_without_end_is_cut() {
        let recorded = Recorded::of(&*nested(1_000));
        assert_eq!(recorded.chain().count(), MAX_SOURCES + 1);
        let back: Recorded = from_bytes(&to_bytes(&recorded).unwrap()).unwrap();
        assert_eq!(back, recorded);
    }
}
