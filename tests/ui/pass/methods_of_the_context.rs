// A handler that asks its context puts nothing by that, and neither does one that calls `put` on
// another value of the same name: these flows stream `u32`.

use std::time::Duration;

use flow_core::lifecycle::ExecutionId;
use flow_core::{Cx, Event, Res, flow, handler};

struct Db;

impl Db {
    async fn save(&self, _of: ExecutionId, _attempt: u32) {}

    fn put(&self, _n: u32) {}
}

fn helper(_db: &Db) {}

#[derive(Event)]
struct Saved;

#[derive(Event)]
struct Done;

#[handler(emits = Saved)]
async fn save(cx: &Cx, db: Res<Db>) {
    db.save(cx.execution_id(), cx.attempt()).await;
    let _ = tokio::time::timeout(Duration::from_millis(1), cx.ending()).await;
    tokio::select! {
        () = cx.ending() => {}
        () = db.save(cx.execution_id(), 0) => {}
    }
    cx.emit(Saved);
}

#[handler(on = Saved, emits = Done)]
async fn again(cx: &Cx, db: Res<Db>) {
    cx.emit(Done);
    let cx = db;
    cx.put(1);
    helper(&cx);
}

#[handler(on = Done)]
async fn under_another_type(cx: &Cx) -> u32 {
    let cx: u32 = cx.attempt();
    let (cx, n) = (Db, cx);
    cx.put(n);
    n
}

fn main() {
    let flow = flow! {
        with Db;
        streams u32;
        sound;
        start -> save;
        when Saved -> again;
        when Done -> under_another_type -> end
    };
    let _ = flow.with(Db);
}
