//! `let` in the conditions of clauses and in the guards of arms.
use flow_core::{Cx, Event, flow, handler};

#[derive(Clone, Event)]
struct Guess(Option<u8>, u8);

#[handler(emits = Guess)]
async fn guess(cx: &Cx) {
    cx.emit(Guess(Some(1), 2));
    cx.emit(Guess(None, 2));
    cx.emit(Guess(Some(7), 1));
}

#[handler(on = Guess)]
async fn hit(Guess(guess, _): Guess, cx: &Cx) {
    cx.put(format!("hit {guess:?}")).await;
}

#[handler(on = Guess)]
async fn pass(cx: &Cx) {
    cx.put("pass").await;
}

#[handler(on = Guess)]
async fn guessed(Guess(guess, _): Guess) -> Option<u8> {
    guess
}

#[handler]
async fn hit_again(guess: Option<u8>, cx: &Cx) {
    cx.put(format!("again {guess:?}")).await;
}

#[handler]
async fn miss(cx: &Cx) {
    cx.put("miss").await;
}

fn main() {
    let flow = flow! {
        start -> guess;
        when Guess(guess, turn) if turn > 1 && let Some(1 | 2) = guess -> hit
            else if let None = guess -> pass
            else -> ignore
    };
    let items: Vec<_> = flow.blocking_iter(()).map(Result::unwrap).collect();
    assert_eq!(items, ["hit Some(1)", "pass"]);
    let flow = flow! {
        start -> guess;
        when Guess -> guessed -> match {
            guess if let Some(1) = guess => hit_again,
            _ => miss
        }
    };
    let items: Vec<_> = flow.blocking_iter(()).map(Result::unwrap).collect();
    assert_eq!(items, ["again Some(1)", "miss", "miss"]);
}
