//! Flows that are proved, each a relative of one that is not.
use std::time::Duration;

use flow_core::{Answered, Asked, Cx, Event, Events, Failed, Result, Tick, flow, handler};

#[derive(Event)]
struct Passed(u32);
#[derive(Event)]
struct Refused;
#[derive(Event)]
struct Again(u32);
#[derive(Event)]
#[event(answer = bool)]
#[derive(Clone)]
struct Review;
enum Item {
    Text(&'static str),
    Review(Asked<Review>),
}
impl From<&'static str> for Item {
    fn from(text: &'static str) -> Self {
        Self::Text(text)
    }
}
impl From<Asked<Review>> for Item {
    fn from(review: Asked<Review>) -> Self {
        Self::Review(review)
    }
}
#[derive(Events)]
enum Verdict {
    Passed(Passed),
    Refused(Refused),
}

#[handler(emits = [Passed, Refused])]
async fn check(n: u32, cx: &Cx) {
    if n > 3 { cx.emit(Passed(n)) } else { cx.emit(Refused) }
}
#[handler(emits = [Passed, Refused])]
async fn check_early(n: u32, cx: &Cx) {
    if n == 0 {
        cx.emit(Refused);
        return;
    }
    cx.emit(Passed(n));
}
#[handler(emits = Passed)]
async fn check_or_fail(n: u32, cx: &Cx) -> Result<()> {
    if n == 0 {
        return Err("too few".into());
    }
    cx.emit(Passed(n));
    Ok(())
}
#[handler(emits = Passed)]
async fn check_in_time(n: u32, cx: &Cx) {
    let n = tokio::select! {
        () = tokio::time::sleep(Duration::from_secs(1)) => 0,
        n = std::future::ready(n) => n,
    };
    cx.emit(Passed(n));
}
#[handler]
async fn judge(n: u32) -> Verdict {
    if n > 3 { Verdict::Passed(Passed(n)) } else { Verdict::Refused(Refused) }
}
#[handler(emits = [Again, Passed])]
async fn again(Again(n): Again, cx: &Cx) {
    tokio::time::sleep(Duration::from_secs(1)).await;
    if n > 3 { cx.emit(Passed(n)) } else { cx.emit(Again(n + 1)) }
}
#[handler(emits = Again)]
async fn begin(n: u32, cx: &Cx) {
    cx.emit(Again(n));
}
#[handler]
async fn done(Passed(n): Passed) -> u32 {
    n
}
#[handler]
async fn sorry(_: Refused) -> u32 {
    0
}
#[handler]
async fn work(n: u32) -> Result<u32> {
    n.checked_add(1).ok_or("too many".into())
}
#[handler]
async fn stand_in(_: Failed) -> u32 {
    0
}
#[handler]
async fn weigh(n: u32) -> Option<u32> {
    Some(n)
}
#[handler]
async fn ask(_: u32) -> Review {
    Review
}
#[handler]
async fn answered(answer: Answered<Review>) -> u32 {
    u32::from(answer.answer)
}
#[handler]
async fn expired(_: Review) -> u32 {
    0
}
#[handler]
async fn poll(_: Tick) -> Option<u32> {
    None
}
#[handler]
async fn nothing(_: u32) {}
#[handler]
async fn logs(n: u32, cx: &Cx) -> u32 {
    cx.put("logged").await;
    n
}
// A handler may be named like the word.
#[handler]
async fn sound(n: u32) -> u32 {
    n
}

flow! {
    flow Inner(u32) -> u32;
    sound;
    start -> logs -> end;
}

// The chat of the first page: it goes on until an error ends it.
#[derive(Event)]
struct UserInput(String);
#[derive(Event)]
struct Loop;

#[handler(on = Loop, emits = UserInput)]
async fn get_input(cx: &Cx) -> Result<()> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    cx.emit(UserInput(line));
    Ok(())
}
#[handler(emits = Loop)]
async fn stream_reply(UserInput(question): UserInput, cx: &Cx) -> Result<()> {
    cx.put(question).await;
    cx.emit(Loop);
    Ok(())
}

fn main() {
    let _ = flow! { sound; start -> get_input; when UserInput -> stream_reply; when Loop -> get_input };
    let _ = flow! { sound; start(u32) -> check; when Passed -> done -> end; when Refused -> sorry -> end };
    let _ = flow! { sound; start(u32) -> check_early; when Passed -> done -> end; when Refused -> sorry -> end };
    let _ = flow! { sound; start(u32) -> check_or_fail; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> check_in_time; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> judge -> emit; when Passed -> done -> end; when Refused -> sorry -> end };
    let _ = flow! { sound; start(u32) -> begin; when Again -> again; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> work -> end };
    let _ = flow! { sound; start(u32) -> work -> end; rescue work -> stand_in -> end };
    let _ = flow! { sound; start(u32) -> work else stand_in -> end };
    let _ = flow! { flow(u32) -> u32; sound; start -> weigh -> match { Some(n) => logs -> end, None => |_: ()| 0 -> end } };
    let _ = flow! { sound; streams Item; start(u32) -> ask -> emit; ask Review -> answered -> end };
    let _ = flow! { sound; streams Item; start(u32) -> ask -> emit; ask Review within "1h" -> answered -> end else -> expired -> end };
    let _ = flow! { sound; start(u32) -> nothing; every "1s" -> poll -> match { Some(n) => logs -> end, None => ignore } };
    let _ = flow! { sound; external Passed; start(u32) -> nothing; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> Inner -> sound -> end };
    let _ = flow! { flow(u32) -> u32; sound; start -> (logs, sound) -> |(_, n): (u32, u32)| n -> end };
    let _ = flow! { sound; start(u32) -> first (logs, sound) -> end };
    // Without an output, it may stop anywhere.
    let _ = flow! { sound; start(u32) -> nothing };
}
