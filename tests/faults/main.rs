//! Laws that hold for any handlers, readers, limits and runtimes: random scripts of faults in one
//! flow that uses the whole language.
//!
//! `PROPTEST_CASES=100000 PROPTEST_RNG_SEED=1 cargo test -p tests --test faults -- --nocapture`
//! prints how many steps it ran.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod allocations;
mod drive;
mod handlers;
mod laws;
mod plan;
mod world;

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner};

use crate::drive::{Driver, Runtime};
use crate::plan::Plan;

/// The payload of a planned panic, which is not printed.
struct Planned;

/// The number of unplanned panics. Only a broken law causes one.
pub(crate) static UNPLANNED: AtomicUsize = AtomicUsize::new(0);

fn quiet_about_planned_panics() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref::<Planned>().is_none() {
            UNPLANNED.fetch_add(1, Ordering::SeqCst);
            before(info);
        }
    }));
}

#[test]
fn the_laws_hold_whatever_happens() {
    quiet_about_planned_panics();
    let mut config = Config::with_source_file(file!());
    config.failure_persistence = Some(Box::new(FileFailurePersistence::Direct(
        "faults/regressions.txt",
    )));
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 400;
    }
    let (cases, seed) = (config.cases, config.rng_seed);
    let (ran, complete) = (Cell::new(0_u32), Cell::new(0_u32));
    let result = TestRunner::new(config).run(&plan::plans(), |plan: Plan| {
        let holds = panic::catch_unwind(AssertUnwindSafe(|| {
            let ended_by_itself = laws::hold(&plan);
            complete.set(complete.get() + u32::from(ended_by_itself));
            if plan.runtime == Runtime::Paused && plan.driver != Driver::Blocking {
                allocations::return_to_the_start(&plan);
            }
        }));
        ran.set(ran.get() + 1);
        holds.map_err(|payload| TestCaseError::fail(message(&*payload)))
    });
    eprintln!(
        "{} cases (of {cases}, seed {seed:?}), {} of which ran to their end; {} steps of handlers and their tasks",
        ran.get(),
        complete.get(),
        world::steps(),
    );
    result.unwrap();
}

fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    let text = text.or_else(|| {
        payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
    });
    text.unwrap_or_else(|| "a panic without a message".to_owned())
}
