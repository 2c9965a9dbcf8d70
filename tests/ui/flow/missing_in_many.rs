// Several handlers take a resource and a state that the flow does not declare.
use flow_core::{Cx, Event, Res, State, flow, handler};

struct Db;

#[derive(Default)]
struct Total(u32);

#[derive(Event)]
struct Loaded;

#[derive(Event)]
struct Saved;

#[handler(emits = Loaded)]
async fn load(cx: &Cx, _db: Res<Db>) {
    cx.emit(Loaded);
}

#[handler(on = Loaded, emits = Saved)]
async fn save(cx: &Cx, _db: Res<Db>, total: State<Total>) {
    total.with(|total| total.0 += 1);
    cx.emit(Saved);
}

#[handler(on = Saved)]
async fn report(_db: Res<Db>, _total: State<Total>) {}

fn main() {
    let _ = flow! {
        start -> load;
        when Loaded -> save;
        when Saved -> report
    };
}
