//! A byte is not as it was written.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use fastrand::Rng;
use fjall::{Database, KeyspaceCreateOptions};
use flow_core::durable::{RequestError, Status};
use flow_journal::Journal;
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::files::{Files, directory, work};
use crate::load::{HANGS, listed, register};

/// What can be read of an order: its output, or how many questions are open.
type Order = Result<String, usize>;

/// Reads all orders. The error is what was told instead.
async fn read(root: &Path) -> Result<BTreeMap<u32, Order>, String> {
    let journal = Journal::open(root)
        .await
        .map_err(|error| error.to_string())?;
    let orders = register(&journal);
    let told = |error| match error {
        RequestError::Unavailable(error) => error.to_string(),
        error => panic!("{error}"),
    };
    let mut read = BTreeMap::new();
    for number in listed(&orders).await.map_err(told)? {
        let id = number.to_string();
        let order = match orders.get(&id).status().await.map_err(told)? {
            Status::Done(output) => Ok(output),
            Status::Unfinished => Err(orders.by_id().questions(&id).await.map_err(told)?.len()),
            other => panic!("order {id} is {other:?}"),
        };
        read.insert(number, order);
    }
    Ok(read)
}

/// A journal that was closed in peace, with tables and with a log.
async fn small() -> Files {
    let root = directory();
    work(root.path(), 0..5).await;
    write_tables(root.path());
    // Nothing of the log is needed any more, as if it had become long and another one had begun.
    let path = root.path().join("rows/1.jnl");
    File::options()
        .write(true)
        .truncate(true)
        .open(path)
        .unwrap();
    work(root.path(), 5..8).await;
    let files = Files::of(root.path());
    // There is one order of each kind at least, in the tables and in the log.
    let tables = files
        .0
        .iter()
        .filter(|(path, _)| path.starts_with("rows/keyspaces/1/tables"));
    assert_eq!(tables.count(), 1);
    files
}

/// Writes what is in the log of this journal into tables.
fn write_tables(root: &Path) {
    let database = Database::builder(root.join("rows")).open().unwrap();
    for table in database.list_keyspace_names() {
        let table = database
            .keyspace(&table, KeyspaceCreateOptions::default)
            .unwrap();
        table.rotate_memtable_and_wait().unwrap();
    }
}

#[test]
fn each_byte_that_is_changed_is_told_or_harmless() {
    const THREADS: usize = 2;
    be_silent_about_panics_inside();
    let runtime = || Builder::new_current_thread().enable_all().build().unwrap();
    let files = runtime().block_on(small());
    let expected = runtime().block_on(read(files.make().path())).unwrap();
    assert_eq!(expected.len(), 8);
    let mut random = Rng::with_seed(30);
    let mut flips = Vec::new();
    for (file, (path, text)) in files.0.iter().enumerate() {
        for at in 0..text.len() {
            // What a log begins with is in no sum.
            if path.extension().is_some_and(|end| end == "jnl") && at < 13 {
                flips.extend((1..=255).map(|flip| (file, at, flip)));
            } else {
                let flip = if random.bool() {
                    0xff
                } else {
                    1 << random.u8(..8)
                };
                flips.push((file, at, flip));
            }
        }
    }
    let harmless = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (mut files, flips, expected, harmless) =
                (files.clone(), &flips, &expected, &harmless);
            scope.spawn(move || {
                let runtime = runtime();
                for &(file, at, flip) in flips.iter().skip(thread).step_by(THREADS) {
                    files.0[file].1[at] ^= flip;
                    let root = files.make();
                    let read = async { timeout(HANGS, read(root.path())).await };
                    let read = runtime.block_on(read).expect("it hangs");
                    let place = || format!("{}, byte {at} ^ {flip}", files.0[file].0.display());
                    if let Ok(read) = read {
                        assert_eq!(read, *expected, "{}", place());
                        harmless.fetch_add(1, Ordering::Relaxed);
                    }
                    files.0[file].1[at] ^= flip;
                }
            });
        }
    });
    let harmless = harmless.into_inner();
    assert!(harmless * 10 < flips.len(), "most are told");
}

/// The log is made as long as it is to become.
#[tokio::test]
async fn a_byte_behind_the_end_of_the_log_is_harmless() {
    let root = directory();
    work(root.path(), 0..5).await;
    let mut files = Files::of(root.path());
    let log = files.log();
    let end = log.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    let mut random = Rng::with_seed(31);
    let mut places = vec![end, end + 1, end + 20, log.len() - 1];
    places.extend((0..10).map(|_| random.usize(end..log.len())));
    let expected = read(root.path()).await.unwrap();
    assert_eq!(expected.len(), 5);
    for at in places {
        // Also what a batch begins, has in it and ends with.
        for byte in [1, 2, 3, random.u8(4..)] {
            files.log()[at] = byte;
            let found = read(files.make().path()).await;
            assert_eq!(found, Ok(expected.clone()), "{byte} at {at}");
            files.log()[at] = 0;
        }
    }
}

/// The store inside may panic, which is to arrive as an error.
fn be_silent_about_panics_inside() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let inside = [
            "tokio-rt-worker",
            "fjall:worker",
            "flow-journal",
            "tokio-runtime-worker",
        ];
        let is_inside = std::thread::current()
            .name()
            .is_some_and(|name| inside.contains(&name));
        if !is_inside {
            hook(panic);
        }
    }));
}
