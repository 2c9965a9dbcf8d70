// An `else` where one may be: the relatives of `else_*.rs` and `skip_*.rs`.
use flow_core::{BoxError, Cx, Event, Failed, FlowError, Result, flow, handler};

#[derive(Clone, Event)]
pub struct Asked(pub u32);

#[derive(Clone)]
pub struct Page;

// Not `Clone`, which only a cause has to be.
pub struct Draft;

// From the event, for a stand-in that serves clauses with several.
pub struct Cause(pub u32);

impl From<Asked> for Cause {
    fn from(Asked(n): Asked) -> Self {
        Self(n)
    }
}

#[handler(emits = Asked)]
async fn begin(cx: &Cx) {
    cx.emit(Asked(3));
}

#[handler]
async fn split() -> Vec<u32> {
    vec![1, 2]
}

#[handler]
async fn work(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn gap() -> u32 {
    0
}

#[handler]
async fn failing_gap(_failed: Failed) -> Result<u32> {
    Ok(0)
}

#[handler]
async fn with_cause(failed: Failed<BoxError, u32>) -> u32 {
    failed.cause
}

#[handler]
async fn text(n: u32) -> Result<String, std::fmt::Error> {
    Ok(n.to_string())
}

#[handler]
async fn no_text(_failed: Failed<std::fmt::Error>) -> String {
    String::new()
}

#[handler]
async fn count(text: String) -> u32 {
    text.len() as u32
}

#[handler]
async fn sum((a, b): (u32, u32)) -> u32 {
    a + b
}

#[handler]
async fn total(numbers: Vec<u32>) -> u32 {
    numbers.into_iter().sum()
}

#[handler]
async fn on_asked(Asked(n): Asked) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn from_event(failed: Failed<BoxError, Cause>) -> u32 {
    failed.cause.0
}

#[handler]
async fn from_page(_page: Page) -> Result<u32> {
    Ok(3)
}

#[handler]
async fn from_draft(_draft: Draft) -> Result<u32> {
    Ok(3)
}

#[handler]
async fn of_page(_failed: Failed<BoxError, Page>) -> u32 {
    0
}

#[handler]
async fn nothing(_n: u32) -> Result<()> {
    Ok(())
}

#[handler]
async fn log(_failed: Failed) {}

#[handler]
async fn borrowed(_text: &'static str) -> Result<u32> {
    Ok(0)
}

#[handler]
async fn of_borrowed(failed: Failed<BoxError, &'static str>) -> u32 {
    failed.cause.len() as u32
}

#[handler]
async fn either(n: u32) -> Option<&'static str> {
    (n > 3).then_some("more")
}

#[handler(timeout = "1s")]
async fn slow(n: u32) -> u32 {
    n
}

#[handler]
async fn of_flow(failed: Failed<FlowError, u32>) -> u32 {
    failed.cause
}

flow! {
    /// A stage of others.
    pub flow Working(u32) -> u32;
    start -> work -> end
}

fn main() {
    // Of a handler, a timeout, a flow, and a chain.
    let _ = flow! { start(u32) -> work else gap -> end };
    let _ = flow! { start(u32) -> work else failing_gap else gap -> end };
    let _ = flow! { start(u32) -> work else (failing_gap else gap) -> end };
    let _ = flow! { start(u32) -> slow else with_cause -> end };
    let _ = flow! { start(u32) -> Working else of_flow -> end };
    let _ = flow! { start(u32) -> (work) else gap -> end };
    let _ = flow! { start(u32) -> (work -> text -> count) else with_cause -> end };
    let _ = flow! { start(u32) -> (work else gap -> text) else (gap -> text else no_text) -> end };
    let _ = flow! { start(u32) -> work -> text else no_text -> count -> work else gap -> end };
    // Of branches, items, and arms.
    let _ = flow! { start(u32) -> (work else gap, (text -> count) else gap) -> sum -> end };
    let _ = flow! { start -> split -> each (work else gap)[8] -> total -> end };
    let _ = flow! { start -> split -> each (work else skip)[8] -> total -> end };
    let _ = flow! { start -> split -> each ((work -> text) else skip) -> end };
    let _ = flow! { start -> split -> each ((work else gap, work else gap) -> sum) -> total -> end };
    let _ = flow! { start(u32) -> match { 0 => gap, n => work else with_cause } -> end };
    let _ = flow! {
        start(u32) -> either -> match { Some(text) => borrowed else of_borrowed, None => gap } -> end
    };
    let _ = flow! { start(u32) -> ((work, work) -> sum) else gap -> end };
    let _ = flow! { start -> (split -> each work[8] -> total) else gap -> end };
    let _ = flow! { start -> split -> each (match { 0 => skip, n => work else skip }) -> total -> end };
    let _ = flow! { start -> split -> each (match { 0 => skip, n => nothing else log }) };
    // The cause: an event, a value, or none of a type that is not `Clone`.
    let _ = flow! { start -> begin; when Asked -> on_asked else from_event -> ignore };
    let _ = flow! { start(Page) -> from_page else of_page -> end };
    let _ = flow! { start(Draft) -> from_draft else gap -> end };
    // The `else` of a clause beside that of a stage.
    let _ = flow! {
        start -> begin;
        when Asked(n) if n > 3 -> on_asked else from_event -> ignore else -> ignore
    };
    let _ = flow! {
        start -> begin;
        when Asked(n)
            if n > 3 -> on_asked else from_event -> ignore
            else if n > 2 -> on_asked else gap -> ignore
            else -> on_asked else gap -> ignore
    };
    // Beside and within a rescue.
    let _ = flow! { start(u32) -> work -> nothing else log; rescue -> log };
    let _ = flow! { start(u32) -> work -> nothing; rescue work -> failing_gap else gap -> ignore };
}
