//! `if … else` and `match`: one of several routes.

use flow_core::{Cx, Event, flow, handler};

use crate::items;

#[derive(Event)]
struct Score {
    points: u32,
    name: String,
}

#[handler(emits = "Score")]
async fn grade((name, points): (&'static str, u32), cx: &Cx) {
    cx.emit(Score {
        points,
        name: name.to_owned(),
    });
}

#[handler(on = "Score")]
async fn praise(score: Score, cx: &Cx) {
    cx.put(format!("well done, {}", score.name)).await;
}

#[handler(on = "Score")]
async fn comfort(score: Score, cx: &Cx) {
    cx.put(format!("next time, {}", score.name)).await;
}

#[handler]
async fn publish(score: Score, cx: &Cx) {
    cx.put(format!("published {}", score.points)).await;
}

#[tokio::test]
async fn a_condition_sees_what_the_event_carries_and_the_handler_gets_the_event() {
    let flow = flow! {
        start((&'static str, u32)) -> grade;
        when Score { points, name } if points > 90 && name == "Ada" -> publish
            else if points > 50 -> praise
            else -> comfort
    };
    assert_eq!(items(flow.stream(("Ada", 99))).await, ["published 99"]);
    assert_eq!(items(flow.stream(("Bob", 99))).await, ["well done, Bob"]);
    assert_eq!(items(flow.stream(("Eve", 3))).await, ["next time, Eve"]);
}

#[tokio::test]
async fn an_else_may_be_ignored() {
    let flow = flow! {
        start((&'static str, u32)) -> grade;
        when Score { points, .. } if points > 50 -> praise else -> ignore
    };
    assert_eq!(items(flow.stream(("Eve", 3))).await, [""; 0]);
}

enum Verdict {
    Pass(u32),
    Fail { why: String, points: u32 },
    Absent,
}

#[handler]
async fn judge(points: i64) -> Verdict {
    match u32::try_from(points) {
        Ok(points @ 50..) => Verdict::Pass(points),
        Ok(points) => Verdict::Fail {
            why: "too few".to_owned(),
            points,
        },
        Err(_) => Verdict::Absent,
    }
}

#[handler]
async fn note_pass(points: u32) -> String {
    format!("passed with {points}")
}

#[handler]
async fn note_fail((why, points): (String, u32)) -> String {
    format!("failed with {points}: {why}")
}

#[handler]
async fn note_absence() -> String {
    "was not there".to_owned()
}

#[handler]
async fn tell(text: String, cx: &Cx) {
    cx.put(text).await;
}

#[tokio::test]
async fn the_bindings_of_an_arm_continue_and_the_arms_may_meet_again() {
    let flow = flow! {
        start(i64) -> judge -> match {
            Verdict::Pass(n) => note_pass,
            Verdict::Fail { why, points } => note_fail,
            Verdict::Absent => note_absence
        } -> tell
    };
    assert_eq!(items(flow.stream(70)).await, ["passed with 70"]);
    assert_eq!(items(flow.stream(7)).await, ["failed with 7: too few"]);
    assert_eq!(items(flow.stream(-1)).await, ["was not there"]);
}

#[tokio::test]
async fn an_arm_may_be_ignored_while_the_others_continue() {
    let flow = flow! {
        start(i64) -> judge -> match {
            Verdict::Pass(n) => note_pass,
            Verdict::Absent => note_absence,
            _ => ignore
        } -> tell
    };
    assert_eq!(items(flow.stream(70)).await, ["passed with 70"]);
    assert_eq!(items(flow.stream(7)).await, [""; 0]);
    assert_eq!(items(flow.stream(-1)).await, ["was not there"]);
}

#[handler]
async fn publish_pass(points: u32, cx: &Cx) {
    cx.put(format!("passed with {points}")).await;
}

#[handler]
async fn close(cx: &Cx) {
    cx.put("closed").await;
}

#[tokio::test]
async fn an_ignored_arm_in_a_branch_yields_unit_like_the_other_arms() {
    let flow = flow! {
        start(i64) -> (
            judge -> match {
                Verdict::Pass(n) => publish_pass,
                Verdict::Fail { points, .. } => match { 0 => ignore, _ => ignore },
                Verdict::Absent => ignore
            },
            close
        ) -> ignore
    };
    assert_eq!(items(flow.stream(70)).await, ["passed with 70", "closed"]);
    assert_eq!(items(flow.stream(7)).await, ["closed"]);
    assert_eq!(items(flow.stream(-1)).await, ["closed"]);
}

#[handler]
async fn count(all: Vec<()>, cx: &Cx) {
    cx.put(format!("{} in all", all.len())).await;
}

#[tokio::test]
async fn an_element_ignored_within_each_still_has_a_result() {
    let flow = flow! {
        start(Vec<i64>) -> each (
            judge -> match { Verdict::Pass(n) => publish_pass, _ => ignore }
        ) -> count
    };
    assert_eq!(
        items(flow.stream(vec![7, 70, -1])).await,
        ["passed with 70", "3 in all"]
    );
}

#[tokio::test]
async fn arms_are_routes_with_guards_and_ends_of_their_own() {
    let flow = flow! {
        flow (i64) -> String;
        start -> judge -> match {
            Verdict::Pass(n) if n > 90 => note_pass -> end,
            Verdict::Fail { why, .. } => end,
            _ => note_absence -> end
        }
    };
    assert_eq!(flow.run(95).await.unwrap(), "passed with 95");
    assert_eq!(flow.run(60).await.unwrap(), "was not there");
    assert_eq!(flow.run(6).await.unwrap(), "too few");
}

#[derive(Event)]
struct Cat(u8);
#[derive(Event)]
struct Dog(String);

struct Animal(String);

impl From<Cat> for Animal {
    fn from(Cat(lives): Cat) -> Self {
        Self(format!("cat with {lives} lives"))
    }
}

impl From<Dog> for Animal {
    fn from(Dog(name): Dog) -> Self {
        Self(format!("dog {name}"))
    }
}

#[handler(emits = ["Cat", "Dog"])]
async fn open_the_door(cx: &Cx) {
    cx.emit(Dog("Rex".to_owned()));
    cx.emit(Cat(9));
}

#[handler(on = ["Cat", "Dog"])]
async fn greet(Animal(who): Animal, cx: &Cx) -> usize {
    cx.put(format!("hello, {who}")).await;
    who.len()
}

#[tokio::test]
async fn one_clause_for_either_of_two_events_that_convert_into_one_type() {
    let flow = flow! { start -> open_the_door; when Cat | Dog -> greet -> ignore };
    assert_eq!(
        items(flow.stream(())).await,
        ["hello, dog Rex", "hello, cat with 9 lives"]
    );
}
