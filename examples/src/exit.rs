//! How a program ends.

use std::error::Error;
use std::io;
use std::process;

use flow_core::{BoxError, FlowError};

/// Ends the program: with 0 if all went well, otherwise with 1 after a line that says why.
///
/// It does not wait: dropping a tokio runtime would wait for a pending name lookup.
pub fn exit(ended: Result<(), BoxError>) -> ! {
    let Err(error) = ended else { process::exit(0) };
    let cause = cause(&error);
    // The reader has read enough, as in `chat | head`.
    if is_broken_pipe(cause) {
        process::exit(0)
    }
    eprintln!("\n[error] {cause}");
    process::exit(1)
}

/// The error that a handler returned, without the name of the handler.
fn cause(error: &BoxError) -> &(dyn Error + 'static) {
    let in_handler = error.downcast_ref::<FlowError>().and_then(Error::source);
    in_handler.unwrap_or(error.as_ref())
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use flow_core::{flow, handler};

    use super::*;
    use crate::LlmError;

    #[handler]
    async fn fail() -> flow_core::Result<()> {
        Err("the handler's own words".into())
    }

    #[tokio::test]
    async fn the_cause_of_a_failed_flow_is_the_error_of_its_handler() {
        let error = flow! { start -> fail }.run(()).await.unwrap_err().into();
        assert_eq!(cause(&error).to_string(), "the handler's own words");
    }

    #[test]
    fn an_error_that_comes_from_no_handler_is_its_own_cause() {
        let error = LlmError::Lasting("no port".to_owned()).into();
        assert_eq!(cause(&error).to_string(), "no port");
    }
}
