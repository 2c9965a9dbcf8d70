//! What a process does with a journal while its disk fails, and what has to be there afterwards.

use std::collections::{HashMap, HashSet};
use std::fmt::{Debug, Display};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::durable::{Executions, Logged, RequestError, Status};
use flow_core::{Answered, Asked, Event, IdempotencyKey, QuestionId, Res, flow, handler};
use flow_journal::{Journal, OpenError};
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};

/// Longer than anything takes that does not hang.
pub(crate) const HANGS: Duration = Duration::from_secs(120);

/// How often each order was charged.
#[derive(Clone, Default)]
pub(crate) struct Till(Arc<Mutex<HashMap<u32, u32>>>);

/// May the order with this number be shipped?
#[derive(Clone, Event, Serialize, Deserialize)]
#[event(answer = bool)]
pub(crate) struct Approve(u32);

#[handler(effect)]
async fn charge(order: (u32, String), _key: IdempotencyKey, till: Res<Till>) -> Approve {
    *till.0.lock().unwrap().entry(order.0).or_default() += 1;
    Approve(order.0)
}

#[handler]
async fn ship(answered: Answered<Approve>) -> String {
    shipped(answered.question.0)
}

flow! {
    /// Charges, asks and ships. The text is only there to be long.
    pub(crate) flow Order((u32, String)) -> String streams Asked<Approve>;
    durable;
    with Till;
    start -> charge -> ask Approve -> ship -> end;
}

fn shipped(number: u32) -> String {
    format!("shipped {number}")
}

/// A request that has returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Told {
    Started(u32),
    Asked(u32),
    Answered(u32),
    Output(u32),
}

impl Told {
    pub(crate) fn to_line(self) -> String {
        let (what, number) = match self {
            Self::Started(number) => ("started", number),
            Self::Asked(number) => ("asked", number),
            Self::Answered(number) => ("answered", number),
            Self::Output(number) => ("output", number),
        };
        format!("told {what} {number}\n")
    }

    pub(crate) fn number(self) -> u32 {
        let (Self::Started(number)
        | Self::Asked(number)
        | Self::Answered(number)
        | Self::Output(number)) = self;
        number
    }

    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let (what, number) = line.trim_end().strip_prefix("told ")?.split_once(' ')?;
        let number = number.parse().ok()?;
        Some(match what {
            "started" => Self::Started(number),
            "asked" => Self::Asked(number),
            "answered" => Self::Answered(number),
            "output" => Self::Output(number),
            _ => return None,
        })
    }
}

/// The length of the text of an order.
#[derive(Clone, Copy)]
pub(crate) struct Length(pub(crate) usize);

impl Length {
    pub(crate) fn text(self, number: u32) -> String {
        let line = format!("order {number}, ");
        line.chars().cycle().take(self.0).collect()
    }
}

pub(crate) fn register(journal: &Journal) -> Executions<Order> {
    journal.register(Order::new().with(Till::default()))
}

/// Works on these orders, eight at a time. Some are only started and some are left with their
/// question.
pub(crate) async fn load(
    orders: &Executions<Order>,
    numbers: Range<u32>,
    length: Length,
    tell: &(impl Fn(Told) + Sync),
) -> Result<(), RequestError> {
    let work = stream::iter(numbers.map(|number| async move {
        let id = number.to_string();
        let order = orders.start(&id, (number, length.text(number))).await?;
        tell(Told::Started(number));
        if number % 5 == 0 {
            return Ok(());
        }
        let question = question(orders, number).await?;
        tell(Told::Asked(number));
        if number % 5 == 1 {
            return Ok(());
        }
        order.answer(question, &true).await?;
        tell(Told::Answered(number));
        assert_eq!(order.output().await?, shipped(number));
        tell(Told::Output(number));
        Ok(())
    }));
    work.buffer_unordered(8).try_collect().await
}

async fn question(
    orders: &Executions<Order>,
    number: u32,
) -> Result<QuestionId<Approve>, RequestError> {
    let order = orders.get(&number.to_string());
    let mut items = order.items(None);
    while let Some(entry) = items.try_next().await? {
        // A call that was cut short is made again.
        if let Logged::Item { item, .. } = entry {
            return Ok(item.id);
        }
    }
    panic!("order {number} has ended and not asked");
}

/// Why a journal is not as it should be.
#[derive(Debug)]
#[allow(dead_code, reason = "it is printed")]
pub(crate) enum Fault {
    NotOpened(OpenError),
    /// What was told is not there, or something is there that nobody has asked for.
    Wrong(String),
}

impl Fault {
    pub(crate) fn wrong(why: impl Display) -> Self {
        Self::Wrong(why.to_string())
    }
}

/// Everything that was told is in the journal, no call whose result was told is made again, and
/// each order comes to its end when the journal goes on.
/// Returns the numbers of all orders that are there.
pub(crate) async fn check(
    path: &Path,
    told: &[Told],
    length: Length,
) -> Result<HashSet<u32>, Fault> {
    let journal = Journal::open(path).await.map_err(Fault::NotOpened)?;
    let checked = tokio::time::timeout(HANGS, check_open(&journal, told, length)).await;
    let checked = checked.unwrap_or_else(|_| Err(Fault::wrong("it hangs")));
    let closed = journal.close(HANGS).await;
    let there = checked?;
    match closed {
        Ok(true) => Ok(there),
        Ok(false) => Err(Fault::wrong("a call hangs")),
        Err(error) => Err(Fault::wrong(error)),
    }
}

async fn check_open(
    journal: &Journal,
    told: &[Told],
    length: Length,
) -> Result<HashSet<u32>, Fault> {
    let till = Till::default();
    let orders = journal.register(Order::new().with(till.clone()));
    let told: HashSet<Told> = told.iter().copied().collect();
    let there = listed(&orders).await.map_err(Fault::wrong)?;
    let lost = told.iter().find(|told| !there.contains(&told.number()));
    if let Some(lost) = lost {
        return Err(Fault::wrong(format!("{lost:?} is lost")));
    }
    let work = stream::iter(there.iter().map(async |number| {
        let wrong = |why: &dyn Debug| Fault::wrong(format!("order {number}: {why:?}"));
        let order = orders.get(&number.to_string());
        let status = order.status().await.map_err(|error| wrong(&error))?;
        if told.contains(&Told::Output(*number)) && !matches!(status, Status::Done(_)) {
            return Err(wrong(&"its output is lost"));
        }
        // The same start once more changes nothing, and shows that its input is there.
        let again = orders.start(order.id(), (*number, length.text(*number)));
        again.await.map_err(|error| wrong(&error))?;
        if !told.contains(&Told::Answered(*number)) {
            let question = question(&orders, *number);
            let question = question.await.map_err(|error| wrong(&error))?;
            let answered = order.answer(question, &true).await;
            answered.map_err(|error| wrong(&error))?;
        }
        let output = order.output().await.map_err(|error| wrong(&error))?;
        if output != shipped(*number) {
            return Err(wrong(&format!("its output is {output}")));
        }
        let charges = till.0.lock().unwrap().get(number).copied().unwrap_or(0);
        let at_most = u32::from(!told.contains(&Told::Asked(*number)));
        if charges > at_most {
            return Err(wrong(&format!("it was charged {charges} times more")));
        }
        Ok(())
    }));
    let (): () = work.buffer_unordered(16).try_collect().await?;
    Ok(there)
}

/// The numbers of all orders.
pub(crate) async fn listed(orders: &Executions<Order>) -> Result<HashSet<u32>, RequestError> {
    let all = orders.by_id().list().unwrap();
    let mut there = HashSet::new();
    let mut after: Option<String> = None;
    loop {
        let some = all.list(after.as_deref(), 100).await?;
        let Some(last) = some.last() else {
            return Ok(there);
        };
        after = Some(last.id.clone());
        there.extend(some.iter().map(|listed| {
            let number: u32 = listed.id.parse().unwrap();
            number
        }));
    }
}
