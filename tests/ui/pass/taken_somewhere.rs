//! Resources and states that one handler takes, anywhere in the flow, under any name.
use flow_core::{Cx, Event, Failed, Res, State, flow, handler};

struct InJoin;
struct InEach;
struct InArm;
struct InElse;
struct InRescue;
struct InStage;
#[derive(Default)]
struct InPartner(u8);
type Alias = InPartner;

#[derive(Event)]
struct Left(u8);

#[derive(Event)]
struct Right;

#[derive(Event)]
struct Score(u8);

#[handler(emits = ["Left", "Right", "Score"])]
async fn begin(cx: &Cx) -> Result<Vec<u8>, std::fmt::Error> {
    cx.emit(Left(1));
    cx.emit(Right);
    cx.emit(Score(1));
    Ok(vec![1])
}

#[handler]
async fn join(_: Res<InJoin>) {}

#[handler]
async fn one(_n: u8, _: Res<InEach>) -> Result<(), std::fmt::Error> {
    Ok(())
}

#[handler]
async fn arm(_: Res<InArm>) {}

#[handler]
async fn otherwise(_: Res<InElse>) {}

#[handler]
async fn rescued(_: Failed<std::fmt::Error>, _: Res<InRescue>) {}

#[handler]
async fn staged(_: Res<InStage>) {}

#[handler]
async fn meet((left, _): (Left, Right), sum: State<InPartner>) {
    sum.with(|sum| sum.0 += left.0);
}

flow! {
    flow Stage;
    with InStage;
    start -> staged
}

fn main() {
    let flow = flow! {
        with InJoin;
        with InEach;
        with InArm;
        with InElse;
        with InRescue;
        with InStage;
        state Alias;
        start -> begin -> (crate::join, each (one else skip)) -> match {
            (_, all) if all.is_empty() => arm,
            _ => Stage
        };
        when Score(n) if n > 3 -> ignore else -> otherwise;
        when Left & Right -> meet;
        rescue begin -> rescued
    };
    let flow = flow.with(InJoin).with(InEach).with(InArm);
    let flow = flow.with(InElse).with(InRescue).with(InStage);
    assert_eq!(flow.blocking_iter(()).count(), 0);
}
