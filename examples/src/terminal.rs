//! Lines typed at the terminal, or piped in.

use std::io::{self, BufRead};
use std::thread;

use tokio::sync::{Mutex, mpsc};

/// Standard input, a line at a time.
///
/// A thread of its own reads it, because a read from a terminal cannot be interrupted: a program
/// that should end must not hang until Enter is pressed.
#[derive(Debug)]
pub struct Terminal {
    lines: Mutex<mpsc::Receiver<io::Result<String>>>,
}

impl Terminal {
    /// Starts reading.
    #[must_use]
    pub fn new() -> Self {
        let (sender, lines) = mpsc::channel(1);
        thread::spawn(move || {
            for line in io::stdin().lock().split(b'\n') {
                let line = line.map(|line| text(&line));
                // The receiver is gone when the program ends.
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            lines: Mutex::new(lines),
        }
    }

    /// The next line, without its end; `None` at the end of the input.
    ///
    /// Bytes that are not UTF-8 become `char::REPLACEMENT_CHARACTER`.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no line.
    pub async fn line(&self) -> io::Result<Option<String>> {
        self.lines.lock().await.recv().await.transpose()
    }
}

fn text(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    String::from_utf8_lossy(line).into_owned()
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new()
    }
}
