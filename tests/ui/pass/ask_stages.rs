use flow_core::{Answered, Asked, Event, Failed, Unanswered, flow, handler};
use std::time::Duration;

mod events {
    use flow_core::Event;

    #[derive(Clone, Event)]
    #[event(answer = String)]
    pub struct Name;
}

#[derive(Clone, Event)]
#[event(answer = bool)]
pub struct Review(u32);

enum Item {
    Review(Asked<Review>),
    Name(Asked<events::Name>),
}

impl From<Asked<Review>> for Item {
    fn from(asked: Asked<Review>) -> Self {
        Self::Review(asked)
    }
}

impl From<Asked<events::Name>> for Item {
    fn from(asked: Asked<events::Name>) -> Self {
        Self::Name(asked)
    }
}

const HOUR: Duration = Duration::from_secs(3600);

#[handler]
async fn draft(number: u32) -> Review {
    Review(number)
}

#[handler]
async fn drafts(number: u32) -> Vec<Review> {
    vec![Review(number)]
}

#[handler]
async fn name(_: u32) -> events::Name {
    events::Name
}

#[handler(on = Review)]
async fn lapse() -> bool {
    false
}

#[handler]
async fn decide(_: Answered<Review>) -> u32 {
    0
}

#[handler]
async fn greet(answered: Answered<events::Name>) -> u32 {
    answered.answer.len().try_into().unwrap_or(0)
}

#[handler]
async fn gone(failed: Failed<Unanswered<Review>, u32>) -> u32 {
    failed.cause
}

#[handler]
async fn nobody(failed: Failed) -> String {
    failed.to_string()
}

#[handler]
async fn ask(_: (u32, u32)) {}

#[handler]
async fn all(_: Vec<u32>) {}

flow! {
    /// A flow with a name, whose stages ask.
    pub flow Asking(u32) -> u32 streams Asked<Review>;
    timeout "2h";
    start -> draft -> ask Review within HOUR else lapse -> decide -> end
}

fn main() {
    let _ = Asking::new();
    let _ = flow! {
        streams Item;
        start(u32) -> (name -> ask events::Name within "1h" -> greet, draft -> ask Review -> decide) -> ask
    };
    let _ = flow! {
        streams Item;
        start(u32) -> draft -> ask Review within "1h" -> decide -> ignore;
        rescue ask Review -> gone -> ignore
    };
    // The question that the rescue asks is not rescued.
    let _ = flow! {
        streams Item;
        start(u32) -> draft -> ask Review within "1h" -> decide -> ignore;
        rescue ask Review -> gone -> draft -> ask Review -> decide -> ignore
    };
    let _ = flow! {
        streams Item;
        start(u32) -> drafts -> each (ask Review else skip -> decide)[2] -> all;
    };
    let _ = flow! {
        streams Item;
        start(u32) -> name -> ask events::Name -> match {
            Answered { answer, .. } if answer.is_empty() => ignore,
            _ => ignore,
        };
        rescue -> nobody -> ignore
    };
}
