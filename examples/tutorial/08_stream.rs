//! The runtime stream: typed, bounded, and the execution itself.
//!
//! Nothing runs before the stream is polled, and a slow reader slows the handlers down. The stream
//! ends when nothing is left to do, on `stop`, or with an error as its last item. Dropping it
//! cancels the execution.
//!
//! `cargo run --example 08_stream` prints
//!
//! ```text
//! atlas.zip: not begun
//! connected to atlas.zip
//! 50 %
//! 100 %
//! disconnected from atlas.zip
//! trial.zip: not begun
//! connected to trial.zip
//! 50 %
//! disconnected from trial.zip
//! ghost.zip: not begun
//! connected to ghost.zip
//! disconnected from ghost.zip
//! handler `download` failed on start
//! connected to movie.zip
//! 50 % is enough
//! disconnected from movie.zip
//! the end
//! ```

use std::time::Duration;

use flow_core::{Cx, Result, flow, handler};
use futures::{StreamExt, TryStreamExt};
use tokio::time::sleep;

/// An item of the stream.
struct Progress {
    percent: u32,
}

/// Shows when the handler is dropped.
struct Connection(&'static str);

impl Connection {
    fn to(file: &'static str) -> Self {
        println!("connected to {file}");
        Self(file)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        println!("disconnected from {}", self.0);
    }
}

#[handler(streams = Progress)]
async fn download(file: &'static str, cx: &Cx) -> Result<()> {
    let _connection = Connection::to(file);
    for percent in [50, 100] {
        sleep(Duration::from_secs(1)).await;
        match file {
            "trial.zip" if percent > 50 => cx.stop(),
            "ghost.zip" => return Err("there is no such file".into()),
            _ => {}
        }
        cx.put(Progress { percent }).await;
    }
    sleep(Duration::from_secs(1)).await;
    Ok(())
}

// The clock of this program jumps ahead whenever all tasks sleep.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<()> {
    let downloads = flow! {
        streams Progress;
        start(&'static str) -> download
    };

    for file in ["atlas.zip", "trial.zip", "ghost.zip"] {
        let mut items = downloads.stream(file);
        println!("{file}: not begun");
        while let Some(item) = items.next().await {
            match item {
                Ok(Progress { percent }) => println!("{percent} %"),
                Err(error) => println!("{error}"),
            }
        }
    }

    let mut items = downloads.stream("movie.zip");
    if let Some(Progress { percent }) = items.try_next().await? {
        println!("{percent} % is enough");
    }
    drop(items);
    println!("the end");
    Ok(())
}
