//! The error of parsing a number that the crate gives out.

use std::error::Error;
use std::fmt;
use std::num::ParseIntError;

/// The error of parsing a [`QuestionId`](crate::QuestionId) or an
/// [`ItemPosition`](crate::ItemPosition) from text that is not a number.
///
/// ```
/// use flow_core::ItemPosition;
///
/// let error = "two".parse::<ItemPosition>().unwrap_err();
/// assert_eq!(error.to_string(), "not a number: invalid digit found in string");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseNumberError(ParseIntError);

impl ParseNumberError {
    pub(crate) fn new(error: ParseIntError) -> Self {
        Self(error)
    }
}

impl fmt::Display for ParseNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a number: {}", self.0)
    }
}

impl Error for ParseNumberError {}
