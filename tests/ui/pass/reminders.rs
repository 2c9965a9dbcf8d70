//! Reminders of questions, in each place where a question may be asked.
use std::time::Duration;

use flow_core::{
    Answered, Asked, BoxError, Cx, Event, Failed, Res, Result, State, Tick, flow, handler,
};

#[derive(Clone, Debug, Event)]
#[event(answer = bool)]
pub struct Review(String);

#[derive(Clone, Debug)]
pub struct Mail;

pub enum Item {
    Text(String),
    Asks(Asked<Review>),
}

impl From<String> for Item {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Asked<Review>> for Item {
    fn from(asked: Asked<Review>) -> Self {
        Self::Asks(asked)
    }
}

mod reminders {
    use super::*;

    #[handler]
    pub async fn by_mail(Review(draft): Review, mail: Res<Mail>, cx: &Cx) -> Result<()> {
        let _mail = mail;
        cx.put(draft).await;
        Ok(())
    }
}

#[handler]
async fn draft() -> Review {
    Review(String::new())
}

#[handler]
async fn drafts() -> Vec<Review> {
    Vec::new()
}

#[handler(timeout = "1s")]
async fn counts(tick: Tick, sent: State<u64>) {
    sent.with(|sent| *sent += tick.count());
}

#[handler]
async fn both((Review(_draft), _tick): (Review, Tick)) {}

#[handler]
async fn nothing() {}

#[handler(on = Review)]
async fn first_and_again(_review: Review) {}

#[handler]
async fn lapse(_review: Review) -> bool {
    false
}

#[handler]
async fn decide(_answered: Answered<Review>) -> bool {
    true
}

#[handler]
async fn note(_failed: Failed<BoxError, Review>) {}

/// Handlers that are named like words.
#[handler]
async fn every(_review: Review) {}

#[handler]
async fn within(_review: Review) {}

const PERIOD: Duration = Duration::from_secs(60);

flow! {
    /// May be a stage, and is public.
    pub flow Reviewed -> bool streams Item;
    with Mail;
    start -> draft -> ask Review within "24h" every "1h" reminders::by_mail else lapse -> decide -> end;
    rescue reminders::by_mail -> note
}

#[handler]
async fn both_of((one, other): (bool, bool)) -> bool {
    one && other
}

fn main() {
    let _ = Reviewed::new();
    let _ = flow! {
        streams Item;
        state u64;
        start -> drafts -> each (ask Review every PERIOD counts -> decide)[2] -> ignore;
    };
    let _ = flow! {
        streams Item;
        start -> draft -> (ask Review every "1h" both -> decide, ask Review every "2h" nothing -> decide, )
            -> both_of -> ignore
    };
    let _ = flow! {
        streams Item;
        start -> draft -> emit;
        when Review -> first_and_again;
        ask Review every "1h" first_and_again -> decide -> ignore
    };
    let _ = flow! { streams Item; start -> draft -> ask Review every "1h" every -> decide -> ignore };
    let _ = flow! { streams Item; start -> draft -> ask Review every "1h" within -> decide -> ignore };
    let _ = flow! {
        streams Item;
        start -> draft -> emit;
        ask Review within "1h" every "30m" self::every -> decide -> ignore else -> ignore
    };
    let flow = flow! { with Mail; streams Item; start -> Reviewed -> ignore };
    let _ = flow.every_of::<reminders::by_mail>(PERIOD);
}
