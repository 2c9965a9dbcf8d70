// Clauses in error. What they declare is not reported as missing as well.
use flow_core::{Cx, Event, Failed, Res, Result, State, flow, handler};

struct Db;

#[derive(Default)]
struct Total(u32);

struct Token(String);

#[derive(Event)]
struct Loaded(u32);

#[handler(emits = Loaded, streams = Token)]
async fn load(cx: &Cx, _db: Res<Db>) {
    cx.put(Token(String::new())).await;
    cx.emit(Loaded(1));
}

#[handler(on = Loaded)]
async fn count(Loaded(n): Loaded, total: State<Total>) -> Result<()> {
    total.with(|total| total.0 += n);
    Ok(())
}

#[handler]
async fn log(failed: Failed) {
    drop(failed);
}

fn main() {
    let _ = flow! {
        wiht Db;
        stat Total;
        steams Token;
        start -> load;
        whem Loaded -> count;
        rescue count -> log
    }
    .with(Db);
    let _ = flow! {
        with Db
        state Total;
        streams Token+;
        start -> load
        when Loaded -> count;
        rescue count -> log
    }
    .with(Db);
    let _ = flow! {
        with Db;
        state Total;
        streams Token;
        start -> load;
        when Loaded => count;
        rescue count -> log
    }
    .with(Db);
}
