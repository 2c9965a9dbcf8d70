//! An emit is one of the event that its type tells, under any name: an alias, an import in the body,
//! the path of another module, a variant, a constant.
use flow_core::{Cx, Event, flow, handler};

mod events {
    use flow_core::Event;

    #[derive(Event)]
    pub(crate) struct Finished(pub(crate) u32);
    #[derive(Event)]
    pub(crate) struct Refused {
        pub(crate) n: u32,
    }
    #[derive(Event)]
    pub(crate) struct Left;
    #[derive(Event)]
    pub(crate) enum Verdict {
        Passed(u32),
        Failed { n: u32 },
        Open,
    }
}

use events::Finished as Done;
use events::{Finished, Left, Refused, Verdict};

type Declined = Refused;
const GONE: Left = Left;

/// It has the name of a variant.
#[derive(Event)]
struct Open;

#[handler(emits = [Finished, Refused])]
async fn by_alias(n: u32, cx: &Cx) {
    if n > 3 {
        cx.emit(Done(n));
    } else {
        cx.emit(Declined { n });
    }
}

#[handler(emits = [Done, Declined])]
async fn by_path(n: u32, cx: &Cx) {
    match n {
        0 => cx.emit(self::events::Finished(n)),
        1 => cx.emit(crate::events::Finished(n)),
        _ => cx.emit(events::Refused { n }),
    }
}

#[handler(emits = [Finished, Refused])]
async fn by_import(n: u32, cx: &Cx) {
    use events::{Finished as Refused, Refused as Finished};
    type Rest = events::Refused;
    match n {
        0 => cx.emit(Refused(n)),
        1 => cx.emit(Finished { n }),
        _ => {
            use crate::events::Finished as Other;
            if n > 3 {
                cx.emit(Other(n));
            } else {
                cx.emit(Rest { ..Rest { n } });
            }
        }
    }
}

#[handler(emits = [Open, Verdict])]
async fn by_variant(n: u32, cx: &Cx) {
    type Outcome = Verdict;
    match n {
        0 => cx.emit(Verdict::Open),
        1 => cx.emit(Outcome::Passed(n)),
        2 => cx.emit(events::Verdict::Failed { n }),
        _ => cx.emit(Verdict::Failed { n }),
    }
    cx.emit(Open);
}

#[handler(emits = [Left, Finished])]
async fn by_constant(n: u32, cx: &Cx) {
    cx.emit(GONE);
    cx.emit(Done(n));
}

#[handler]
async fn done(Finished(n): Finished) -> u32 {
    n
}
#[handler]
async fn refuse(Refused { n }: Refused) -> u32 {
    n
}
#[handler]
async fn judge(_: (Open, Verdict)) -> u32 {
    1
}
#[handler]
async fn leave(_: (Left, Finished)) -> u32 {
    2
}

fn main() {
    let flow = flow! {
        sound;
        start(u32) -> by_alias;
        when Done -> done -> end;
        when Declined -> refuse -> end;
    };
    assert_eq!(flow.blocking_iter(7).output().unwrap(), 7);
    let _ = flow! {
        sound;
        start(u32) -> by_path;
        when Finished -> done -> end;
        when Refused -> refuse -> end;
    };
    let _ = flow! {
        sound;
        start(u32) -> by_import;
        when Finished -> done -> end;
        when Refused -> refuse -> end;
    };
    let flow = flow! { sound; start(u32) -> by_variant; when Open & Verdict -> judge -> end };
    assert_eq!(flow.blocking_iter(3).output().unwrap(), 1);
    let flow = flow! { sound; start(u32) -> by_constant; when Left & Finished -> leave -> end };
    assert_eq!(flow.blocking_iter(3).output().unwrap(), 2);

    let count = |graph: &flow_core::graph::GraphDesc| {
        let shape = graph.clauses[0].handlers[0].shape;
        [shape.emitted(0), shape.emitted(1)].map(|count| count.to_string())
    };
    let _ = (Verdict::Passed(1), count(flow.graph()));
    assert_eq!(count(flow.graph()), ["1", "1"]);
}
