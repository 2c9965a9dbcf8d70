//! The same by hand on SQLite: one row for each execution, updated in a transaction for each step.

use std::path::Path;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

pub fn steps(directory: &Path, executions: u32, steps: u32) -> Duration {
    let mut database = Connection::open(directory.join("steps.db")).expect("a database");
    database
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE execution (id TEXT PRIMARY KEY, state TEXT);",
        )
        .expect("a table");
    let begun = Instant::now();
    // One writer, as SQLite has; what has come meanwhile is in one transaction.
    let (writer, requests) = channel::<(u32, u32, std::sync::mpsc::Sender<u32>)>();
    let workers: Vec<_> = (0..executions)
        .map(|id| {
            let writer = writer.clone();
            thread::spawn(move || {
                let (reply, replied) = channel();
                for step in 0..steps {
                    writer.send((id, step, reply.clone())).expect("the writer runs");
                    assert_eq!(replied.recv(), Ok(step));
                }
            })
        })
        .collect();
    drop(writer);
    while let Ok(first) = requests.recv() {
        let group: Vec<_> = std::iter::once(first).chain(requests.try_iter()).collect();
        let transaction = database.transaction().expect("a transaction");
        {
            let mut put = transaction
                .prepare_cached("INSERT OR REPLACE INTO execution VALUES (?1, ?2)")
                .expect("a statement");
            for (id, step, _) in &group {
                let state = format!("{{\"left\":{},\"done\":{step},\"padding\":\"{:0200}\"}}", steps - step, 7);
                put.execute(params![id.to_string(), state]).expect("a row");
            }
        }
        transaction.commit().expect("a commit");
        for (_, step, reply) in group {
            reply.send(step).expect("it waits");
        }
    }
    for worker in workers {
        worker.join().expect("it has ended");
    }
    begun.elapsed()
}
