//! The flows that the pictures show.

use flow_core::{Answered, Asked, BoxError, Cx, Event, Failed, Unanswered, flow, handler};

#[derive(Event)]
struct UserInput(String);

#[derive(Event)]
struct Loop;

#[handler(on = "Loop", emits = "UserInput")]
async fn get_input(cx: &Cx) {
    match std::env::args().nth(1) {
        Some(question) => cx.emit(UserInput(question)),
        None => cx.stop(),
    }
}

#[handler(on = "UserInput", emits = "Loop")]
async fn stream_reply(UserInput(question): UserInput, cx: &Cx) {
    cx.put(question).await;
    cx.emit(Loop);
}

flow! {
    /// A question and its answer, in a loop.
    pub(crate) flow Chat;
    start -> get_input;
    when UserInput -> stream_reply;
    when Loop -> get_input
}

#[derive(Event)]
struct Draft(String);

#[handler(emits = "Draft")]
async fn read(text: String, cx: &Cx) {
    cx.emit(Draft(text));
}

#[handler(on = "Draft")]
async fn improve(Draft(text): Draft) -> String {
    text
}

flow! {
    pub(crate) flow Review(String) -> String;
    start -> read;
    when Draft -> improve -> end
}

#[derive(Event)]
struct Order {
    goods: Vec<String>,
    note: String,
    urgent: bool,
}

#[derive(Event)]
struct Cancelled;

#[derive(Event)]
struct Paid(u32);

#[derive(Event, Clone)]
struct Packed(String);

#[derive(Event)]
struct Noted;

enum Answer {
    Yes(u32),
    No { why: String },
    Later,
}

#[handler(on = "Order", emits = ["Packed", "Noted"])]
async fn hurry(order: Order, cx: &Cx) -> Result<(), BoxError> {
    let (goods, note) = (order.goods.join(", "), order.note);
    cx.emit(Packed(format!("{goods}{note}{}", order.urgent)));
    cx.emit(Noted);
    Ok(())
}

#[handler(on = "Order")]
async fn unpack(order: Order) -> Vec<String> {
    order.goods
}

#[handler]
async fn weigh(good: String) -> Result<String, BoxError> {
    Ok(good)
}

#[handler]
async fn wrap(good: String) -> String {
    good
}

#[handler]
async fn count(goods: Vec<String>) -> usize {
    goods.len()
}

#[handler]
async fn describe(goods: Vec<String>) -> String {
    goods.join(", ")
}

#[handler(emits = "Packed")]
async fn send((count, text): (usize, String), cx: &Cx) -> Result<(), BoxError> {
    cx.emit(Packed(format!("{count}: {text}")));
    Ok(())
}

#[handler]
async fn ask((Paid(amount), Packed(text)): (Paid, Packed)) -> Answer {
    match amount {
        0 if text.is_empty() => Answer::Later,
        0 => Answer::No { why: text },
        amount => Answer::Yes(amount),
    }
}

#[handler]
async fn thank(_amount: u32) -> String {
    String::new()
}

#[handler]
async fn take_back() -> Result<(), BoxError> {
    Ok(())
}

#[handler]
async fn log(_failed: Failed, cx: &Cx) {
    cx.put("failed").await;
}

#[handler]
async fn weigh_again(_failed: Failed<BoxError>) {}

flow! {
    /// Every construct of the language.
    pub(crate) flow Shop(Vec<String>) -> String;
    external Order;
    external Paid;
    external Cancelled;
    ignore Noted;
    start -> each wrap -> describe -> Review -> ignore;
    when Order { note, urgent, .. } if note == "\"now\" & <then>" -> hurry
        else if urgent || note.len() > 3 -> hurry
        else -> unpack -> each (weigh else skip -> wrap)[8] -> (count, describe) -> send;
    when Paid & Packed -> ask -> match {
        Answer::Yes(n) if n > 90 => thank -> end,
        Answer::No { why } => end,
        Answer::Yes(_) | Answer::Later => ignore
    };
    when Cancelled | Packed -> take_back;
    rescue send -> weigh_again;
    rescue -> log
}

#[handler]
async fn search(_topic: String) -> Result<Vec<String>, BoxError> {
    Ok(Vec::new())
}

#[handler]
async fn fetch(page: String) -> Result<String, BoxError> {
    Ok(page)
}

#[handler]
async fn look_up(failed: Failed<BoxError, String>) -> Result<String, BoxError> {
    Ok(failed.cause)
}

#[handler]
async fn check(text: String) -> Result<String, BoxError> {
    Ok(text)
}

#[handler]
async fn known_pages() -> Vec<String> {
    Vec::new()
}

flow! {
    /// What stands in for a stage.
    pub(crate) flow Research(String) -> String;
    start -> search else known_pages -> each ((fetch -> check) else look_up else skip)[8]
        -> describe -> end
}

/// May this be run?
#[derive(Clone, Event)]
#[event(answer = bool)]
pub(crate) struct Approve(String);

#[handler]
async fn calls(text: String) -> Vec<Approve> {
    vec![Approve(text)]
}

#[handler]
async fn refuse(_: Approve) -> bool {
    false
}

#[handler]
async fn call(approved: Answered<Approve>) -> Result<String, BoxError> {
    Ok(approved.question.0)
}

#[handler]
async fn summary(results: Vec<String>) -> Approve {
    Approve(results.concat())
}

#[handler]
async fn last(approved: Answered<Approve>) -> String {
    approved.question.0
}

#[handler]
async fn given_up(failed: Failed<Unanswered<Approve>>) -> String {
    failed.error.question.0
}

#[handler]
async fn gap(_: Failed) -> String {
    String::new()
}

flow! {
    pub(crate) flow Agent(String) -> String streams Asked<Approve>;
    start -> calls -> each (ask Approve within "1h" else refuse -> call else gap)[2] -> summary
        -> ask Approve within "1d" -> last -> end;
    rescue ask Approve -> given_up -> end
}
