//! What runs for a host beside its executions: it loads those that have to go on by themselves.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::durable::host::load::load;
use crate::durable::host::ramp::Ramp;
use crate::durable::host::shared::Shared;
use crate::durable::host::starts::Start;
use crate::durable::store::{ExecutionName, Listing};

/// How many ids are listed at a time.
const PAGE: usize = 256;

/// How long to wait before an unavailable store is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// The clock on the wall may be set, so the next deadline is not slept for all at once.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Loads the unfinished executions of a flow, slowly at first.
pub(super) async fn recover(shared: Weak<Shared>, flow: Arc<str>) {
    let mut after: Option<String> = None;
    let mut begun: Option<(Start, Ramp)> = None;
    loop {
        let Some(host) = shared.upgrade() else { return };
        let listing = Listing {
            flow: &flow,
            unfinished: true,
            after: after.as_deref(),
            at_most: PAGE,
        };
        let Ok(ids) = host.store.list(listing).await else {
            drop(host);
            sleep(PAUSE).await;
            continue;
        };
        if ids.is_empty() {
            drop(host);
            if let Some((start, ramp)) = begun {
                ramp.done().await;
                let Some(host) = shared.upgrade() else { return };
                // If it cannot be written, the next start is a careful one.
                let _unavailable = start.end(&*host.store).await;
            }
            return;
        }
        if begun.is_none() {
            let Ok(start) = Start::begin(&*host.store, &flow).await else {
                drop(host);
                sleep(PAUSE).await;
                continue;
            };
            let ramp = Ramp::new(start.is_careful);
            begun = Some((start, ramp));
        }
        let Some((_, ramp)) = &begun else { return };
        for id in &ids {
            let loading = ramp.next().await;
            let name = ExecutionName::new(Arc::clone(&flow), id.as_str());
            load(&host, &name, None, loading);
        }
        after = ids.into_iter().next_back();
    }
}

/// Loads executions when their times come.
pub(super) async fn keep_time(shared: Weak<Shared>) {
    loop {
        let Some(host) = shared.upgrade() else { return };
        match host.take_due(host.clock.now()) {
            Ok(id) => load(&host, &id, None, None),
            Err(next) => {
                let until = next.map_or(LONGEST_SLEEP, |next| host.clock.until(next));
                // Deadlines are kept in whole milliseconds.
                let until = until.min(LONGEST_SLEEP) + Duration::from_millis(1);
                let changed = host.timers_changed.notified();
                // Either is a reason to look again.
                let _elapsed = timeout(until, changed).await;
            }
        }
    }
}
