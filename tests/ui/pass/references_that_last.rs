//! References that live for ever, and those that a function or a trait takes, are in values like any
//! other.
use std::borrow::Cow;

use flow_core::{Res, flow, handler};

type Check = Box<dyn Fn(&str) -> bool + Send>;

#[handler]
async fn name() -> Option<&'static str> {
    Some("a")
}

#[handler]
async fn check(name: Option<&'static str>) -> Box<dyn Fn(&str) -> bool + Send> {
    Box::new(move |other| Some(other) == name)
}

#[handler]
async fn call(check: Check) -> Cow<'static, str> {
    if check("a") { "yes".into() } else { "no".into() }
}

#[handler]
async fn length(text: Cow<'static, str>, of: Res<fn(&str) -> usize>) -> fn(&str) -> &str {
    let _ = of(&text);
    |text| text
}

#[handler]
async fn last(same: fn(&str) -> &str) -> usize {
    same("abc").len()
}

fn main() {
    let flow = flow! {
        with fn(&str) -> usize;
        start -> name -> check -> call -> length -> last -> end
    };
    let _ = flow.with((|text: &str| text.len()) as fn(&str) -> usize);
}
