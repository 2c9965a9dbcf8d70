//! Concurrency: `(a, b) -> c` runs two handlers at the same time; `each a[2]` runs one handler for
//! every element, two at a time.
//!
//! The stage after a join gets a tuple. The stage after an `each` gets a `Vec` in the order of the
//! input.
//!
//! `cargo run --example 03_concurrency` prints
//!
//! ```text
//! a soft egg and buttered toast, after 5 minutes
//! pizza 1, pizza 2, pizza 3, pizza 4, pizza 5, after 30 minutes
//! ```

use std::ops::RangeInclusive;
use std::time::Duration;

use flow_core::{Result, flow, handler};
use tokio::time::{Instant, sleep};

const MINUTE: Duration = Duration::from_secs(60);

#[handler]
async fn boil_egg() -> &'static str {
    sleep(5 * MINUTE).await;
    "a soft egg"
}

#[handler]
async fn toast_bread() -> &'static str {
    sleep(3 * MINUTE).await;
    "toast"
}

#[handler]
async fn butter(bread: &'static str) -> String {
    sleep(MINUTE).await;
    format!("buttered {bread}")
}

#[handler]
async fn lay_the_table((egg, toast): (&'static str, String)) -> String {
    format!("{egg} and {toast}")
}

#[handler]
async fn take_orders(count: u32) -> RangeInclusive<u32> {
    1..=count
}

#[handler]
async fn bake(number: u32) -> String {
    sleep(10 * MINUTE).await;
    format!("pizza {number}")
}

#[handler]
async fn serve(pizzas: Vec<String>) -> String {
    pizzas.join(", ")
}

// The clock of this program jumps ahead whenever all tasks sleep.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<()> {
    let breakfast = flow! { start -> (boil_egg, toast_bread -> butter) -> lay_the_table -> end };
    let dinner = flow! { start(u32) -> take_orders -> each bake[2] -> serve -> end };

    let begun = Instant::now();
    let meal = breakfast.run(()).await?;
    println!("{meal}, after {} minutes", begun.elapsed().as_secs() / 60);

    let begun = Instant::now();
    let meal = dinner.run(5).await?;
    println!("{meal}, after {} minutes", begun.elapsed().as_secs() / 60);
    Ok(())
}
