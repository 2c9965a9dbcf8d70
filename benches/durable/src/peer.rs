//! The same in duroxide, on its store in SQLite.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use duroxide::providers::sqlite::SqliteProvider;
use duroxide::runtime::registry::ActivityRegistry;
use duroxide::runtime::{Runtime, RuntimeOptions};
use duroxide::{
    ActivityContext, Client, OrchestrationContext, OrchestrationRegistry, OrchestrationStatus,
};

/// What a step takes, and how many executions have failed because its connections wait for one
/// another for too long.
pub fn step(directory: &Path, executions: u32, steps: u32) -> (Duration, u32) {
    let file = directory.join("duroxide.db");
    std::fs::File::create(&file).expect("a file");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let url = format!("sqlite:{}", file.display());
        let store = SqliteProvider::new(&url, None).await;
        let store = Arc::new(store.expect("a store"));
        let step = |_: ActivityContext, done: String| async move {
            let done: u64 = done.parse().map_err(|_| "a number".to_owned())?;
            Ok((done + 1).to_string())
        };
        let activities = ActivityRegistry::builder().register("step", step).build();
        let run = |context: OrchestrationContext, steps: String| async move {
            let mut done = "0".to_owned();
            for _ in 0..steps.parse::<u32>().map_err(|_| "a number".to_owned())? {
                done = context.schedule_activity("step", done).await?;
            }
            Ok(done)
        };
        let flows = OrchestrationRegistry::builder().register("steps", run).build();
        let options = RuntimeOptions {
            // Otherwise it looks for work ten times a second.
            dispatcher_min_poll_interval: Duration::from_millis(1),
            ..RuntimeOptions::default()
        };
        let host = Runtime::start_with_options(Arc::clone(&store) as _, activities, flows, options);
        let host = host.await;
        let client = Client::new(store);
        let begun = Instant::now();
        let ids: Vec<_> = (0..executions).map(|id| id.to_string()).collect();
        for id in &ids {
            let started = client.start_orchestration(id, "steps", steps.to_string());
            started.await.expect("it starts");
        }
        let mut failed = 0;
        for id in &ids {
            let ended = client.wait_for_orchestration(id, Duration::from_secs(600)).await;
            match ended.expect("it ends") {
                OrchestrationStatus::Completed { output, .. } => {
                    assert_eq!(output, steps.to_string());
                }
                _ => failed += 1,
            }
        }
        let time = begun.elapsed();
        host.shutdown(None).await;
        (time / ((executions - failed).max(1) * steps), failed)
    })
}
