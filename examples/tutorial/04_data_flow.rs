//! Data flow: in a chain, each handler takes the return value of the one before it.
//!
//! A chain whose types do not fit does not compile. A `Result` is unwrapped on the way: an error
//! ends the execution and names the handler.
//!
//! `cargo run --example 04_data_flow` prints
//!
//! ```text
//! 212 °F is 100 °C
//! 98.6 °F is 37 °C
//! handler `parse` failed on start
//! because: invalid float literal
//! ```

use std::error::Error;
use std::num::ParseFloatError;

use flow_core::{flow, handler};

struct Fahrenheit(f64);

struct Celsius(f64);

#[handler]
async fn parse(text: &'static str) -> Result<Fahrenheit, ParseFloatError> {
    text.parse().map(Fahrenheit)
}

#[handler]
async fn convert(Fahrenheit(degrees): Fahrenheit) -> Celsius {
    Celsius((degrees - 32.0) / 1.8)
}

#[handler]
async fn round(Celsius(degrees): Celsius) -> f64 {
    degrees.round()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let thermometer = flow! {
        sound;
        start(&'static str) -> parse -> convert -> round -> end
    };

    for text in ["212", "98.6", "warm"] {
        match thermometer.run(text).await {
            Ok(celsius) => println!("{text} °F is {celsius} °C"),
            Err(error) => {
                println!("{error}");
                if let Some(cause) = error.source() {
                    println!("because: {cause}");
                }
            }
        }
    }
}
