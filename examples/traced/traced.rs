//! The executions and handlers of a flow as OpenTelemetry spans: `cargo run --example traced`.
//!
//! The log lines of the handlers go to stderr, each with its spans. The spans themselves go to
//! stdout, or to a collector, for example a Jaeger on this machine:
//!
//! ```sh
//! OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 cargo run --example traced
//! ```

use std::env;
use std::io::{Write, stderr, stdout};
use std::time::Duration;

use flow_core::{Cx, Event, Failed, Result, flow, handler};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::time::sleep;
use tracing::info;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[derive(Clone, Event)]
struct Order {
    number: u32,
    what: &'static str,
}

#[handler(emits = Order)]
async fn open_the_shop(cx: &Cx) {
    for (number, what) in [(1, "a book"), (2, "an umbrella")] {
        cx.emit(Order { number, what });
    }
}

#[handler(on = Order)]
async fn charge(order: Order) {
    info!("asking the bank about order {}", order.number);
    sleep(Duration::from_millis(30)).await;
    info!("order {} is paid", order.number);
}

#[handler(on = Order)]
async fn pack(order: Order, cx: &Cx) -> Result<()> {
    info!("looking for {}", order.what);
    sleep(Duration::from_millis(10)).await;
    if order.what == "an umbrella" {
        return Err("it rains, and there are no umbrellas left".into());
    }
    cx.put(format!("order {} is packed", order.number)).await;
    Ok(())
}

#[handler]
async fn apologise(failed: Failed, cx: &Cx) {
    info!("writing a letter");
    cx.put(format!("we are sorry: {}", failed.error)).await;
}

flow! {
    /// Each order is charged and packed at the same time.
    flow Shop;
    start -> open_the_shop;
    when Order -> charge;
    when Order -> pack;
    rescue pack -> apologise
}

/// Exports spans to the collector that the environment names, or else to stdout.
fn exporter() -> Result<SdkTracerProvider> {
    let provider = SdkTracerProvider::builder()
        .with_resource(Resource::builder().with_service_name("shop").build());
    Ok(if env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT").is_some() {
        let collector = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .build()?;
        provider.with_batch_exporter(collector).build()
    } else {
        provider
            .with_batch_exporter(opentelemetry_stdout::SpanExporter::default())
            .build()
    })
}

fn shop() -> Result<()> {
    let provider = exporter()?;
    tracing_subscriber::registry()
        .with(LevelFilter::INFO)
        .with(fmt::layer().with_writer(stderr).without_time())
        .with(
            tracing_opentelemetry::layer()
                .with_tracer(provider.tracer("shop"))
                .with_location(false)
                .with_threads(false),
        )
        .try_init()?;
    for item in Shop::new().traced().blocking_iter(()) {
        writeln!(stdout(), "[stream] {}", item?)?;
    }
    // Sends the remaining spans.
    provider.shutdown()?;
    Ok(())
}

fn main() {
    examples::exit(shop())
}
