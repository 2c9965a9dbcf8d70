//! The flow: an article is prepared, written, shown to an editor, and published or written again.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flow_core::{Answered, Asked, Cx, Event, Res, flow, handler};
use futures::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};

/// An item of the stream, which browsers get as JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Item {
    /// A step begins; the words that follow are its own.
    Step {
        title: String,
    },
    Word {
        text: String,
    },
    /// The editor is asked; `until` is in milliseconds since 1970.
    Asked {
        question: String,
        until: Option<u128>,
    },
    Answered {
        verdict: Verdict,
    },
    /// The editor did not answer.
    Expired,
    Published {
        text: String,
    },
}

impl From<Asked<Review>> for Item {
    // Answers come by the question's number, so the `Asked` itself is not kept.
    fn from(asked: Asked<Review>) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let until = now.ok().zip(asked.within).map(|(now, within)| now + within);
        Self::Asked {
            question: asked.id.to_string(),
            until: until.map(|until| until.as_millis()),
        }
    }
}

/// An article before or after it is written.
#[derive(Clone)]
struct Article {
    topic: String,
    /// The editor's reasons for another draft.
    wishes: Vec<String>,
}

#[derive(Event)]
pub(crate) struct Topic(pub(crate) String);

#[derive(Event)]
struct Write(Article);

/// May this be published?
#[derive(Clone, Event)]
#[event(answer = Verdict)]
pub(crate) struct Review {
    article: Article,
    draft: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub(crate) enum Verdict {
    Publish,
    Redraft { reason: String },
}

#[derive(Event)]
struct Publish(String);

/// The time that a word takes.
pub(crate) struct Pace(pub(crate) Duration);

impl Pace {
    /// Streams a text word by word.
    fn words(&self, text: &str) -> impl Stream<Item = Item> + use<> {
        let words: Vec<_> = text.split_inclusive(' ').map(str::to_owned).collect();
        let pause = self.0;
        Box::pin(stream::iter(words).then(move |text| async move {
            tokio::time::sleep(pause).await;
            Item::Word { text }
        }))
    }
}

#[handler(on = Topic, emits = Write, streams = Item)]
async fn prepare(Topic(topic): Topic, cx: &Cx, pace: Res<Pace>) {
    let steps = [
        (
            "Looking things up",
            format!("Three sources speak of {topic}: a map, a letter and a photograph."),
        ),
        (
            "Outlining",
            "A beginning, a middle, and an end that comes back to the beginning.".to_owned(),
        ),
    ];
    for (title, text) in steps {
        let title = title.to_owned();
        cx.put(Item::Step { title }).await;
        let mut words = pace.words(&text);
        while let Some(word) = words.next().await {
            cx.put(word).await;
        }
    }
    let wishes = Vec::new();
    cx.emit(Write(Article { topic, wishes }));
}

#[handler(on = Write, emits = Review, streams = Item)]
async fn write(Write(article): Write, cx: &Cx, pace: Res<Pace>) {
    let title = format!("Draft {}", article.wishes.len() + 1);
    cx.put(Item::Step { title }).await;
    let mut draft = format!(
        "There is more to {} than meets the eye. It is on the map, though not where one would \
         look; somebody once wrote a letter about it; and in the photograph everybody smiles.",
        article.topic
    );
    for wish in &article.wishes {
        draft.extend([" And since the editor asked: ", wish, "."]);
    }
    let mut words = pace.words(&draft);
    while let Some(word) = words.next().await {
        cx.put(word).await;
    }
    cx.emit(Review { article, draft });
}

#[handler(emits = [Write, Publish], streams = Item)]
async fn decide(
    Answered {
        question, answer, ..
    }: Answered<Review>,
    cx: &Cx,
) {
    let verdict = answer.clone();
    cx.put(Item::Answered { verdict }).await;
    match answer {
        Verdict::Publish => cx.emit(Publish(question.draft)),
        Verdict::Redraft { reason } => {
            let mut article = question.article;
            article.wishes.push(reason);
            cx.emit(Write(article));
        }
    }
}

#[handler(on = Review, streams = Item)]
async fn give_up(cx: &Cx) {
    cx.put(Item::Expired).await;
}

#[handler(on = Publish, streams = Item)]
async fn publish(Publish(text): Publish, cx: &Cx, pace: Res<Pace>) {
    let title = "Publishing".to_owned();
    cx.put(Item::Step { title }).await;
    let mut words = pace.words("Set, proofread and printed.");
    while let Some(word) = words.next().await {
        cx.put(word).await;
    }
    cx.put(Item::Published { text }).await;
}

flow! {
    /// From a topic to an article that an editor has approved.
    pub(crate) flow Newsroom(Topic) -> () streams Item;
    with Pace;
    sound;
    start -> prepare;
    when Write -> write;
    ask Review within "15m" -> decide else -> give_up -> end;
    when Publish -> publish -> end
}
