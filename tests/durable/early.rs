//! An answer that comes when an execution was just loaded, and some of its clauses wait for the
//! store before they come to their questions again.

use std::time::Duration;

use flow_core::durable::{
    BoxFuture, Commit, Encoded, ExecutionName, ExecutionsById, Fault, Keys, Listing, MemoryStore,
    RequestError, Rows, Store, Unavailable,
};
use flow_core::{Flow, flow};
use tokio::time::{sleep, timeout};

use crate::flows::{Review, Update, World, add, decide, double, options, review};

/// It takes its time to make a commit durable.
#[derive(Clone)]
struct Slow(MemoryStore);

impl Store for Slow {
    fn load<'a>(
        &'a self,
        name: &'a ExecutionName,
        logs: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        self.0.load(name, logs)
    }

    fn read<'a>(
        &'a self,
        name: &'a ExecutionName,
        keys: Keys<'a>,
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        self.0.read(name, keys)
    }

    fn commit(
        &self,
        name: &ExecutionName,
        commit: Commit,
    ) -> BoxFuture<'static, Result<(), Unavailable>> {
        let made = self.0.commit(name, commit);
        Box::pin(async {
            let made = made.await;
            sleep(Duration::from_millis(5)).await;
            made
        })
    }

    fn list<'a>(&'a self, listing: Listing<'a>) -> BoxFuture<'a, Result<Vec<String>, Unavailable>> {
        self.0.list(listing)
    }
}

flow! {
    flow Approval(u32) -> u32 streams Update;
    durable;
    with World;
    start -> review -> emit;
    ask Review -> decide -> end;
}

flow! {
    flow Approvals(u32) -> u32 streams Update;
    durable;
    with World;
    start -> double -> (Approval, Approval -> double) -> add -> Approval -> end;
}

fn approvals() -> Flow<Approvals> {
    Approvals::new().with(World::default())
}

/// Starts the execution, and answers its questions until it has its output.
async fn perform(executions: &dyn ExecutionsById) -> Result<u64, RequestError> {
    executions.start("a", Encoded::of(&1).unwrap()).await?;
    loop {
        for question in executions.questions("a").await? {
            let yes = Encoded::of(&true).unwrap();
            executions.answer("a", question.number, yes).await?;
        }
        let output = executions.output("a");
        if let Ok(output) = timeout(Duration::from_millis(10), output).await {
            return Ok(output?.to_json().unwrap().as_u64().unwrap());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_what_was_just_loaded_is_not_lost() {
    for at in 1.. {
        let store = MemoryStore::new();
        store.fail_at(at, Fault::Stop);
        let executions = options().open(Slow(store.clone())).register(approvals());
        let first = perform(&**executions.by_id()).await;
        drop(executions);
        if let Ok(output) = first {
            assert!(at > 20 && output > 0, "{at}: {output}");
            return;
        }
        let executions = options().open(Slow(store.reopen())).register(approvals());
        let output = timeout(Duration::from_secs(3600), perform(&**executions.by_id())).await;
        let output = output.unwrap_or_else(|_| panic!("{at}: it hangs")).unwrap();
        assert_eq!(output, 10, "{at}");
    }
}
