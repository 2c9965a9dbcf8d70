//! Events that wait for their partners when nothing runs any more are an error, or go where the
//! `else` of their clause leads.

use std::time::Duration;

use flow_core::{Cx, Event, FlowErrorKind, Res, flow, handler};
use tokio::time::sleep;

use crate::{Log, read};

#[derive(Clone, Debug, Event)]
struct Left(u32);
#[derive(Clone, Debug, Event)]
struct Right(u32);
#[derive(Clone, Debug, Event)]
struct Third;

/// Emits so many of each.
#[handler(emits = [Left, Right])]
async fn emit_them((lefts, rights): (u32, u32), cx: &Cx) {
    for n in 0..lefts {
        cx.emit(Left(n));
    }
    for n in 0..rights {
        cx.emit(Right(n));
    }
}

#[handler]
async fn pair((left, right): (Left, Right), cx: &Cx) {
    cx.put(format!("{} and {}", left.0, right.0)).await;
}

flow! {
    flow Pairs((u32, u32)) streams String;
    start -> emit_them;
    when Left & Right -> pair
}

#[tokio::test]
async fn what_is_left_is_an_error_that_names_the_clause_and_what_waits() {
    let flow = Pairs::new();
    assert!(flow.run((2, 2)).await.is_ok());
    for (counts, left, message) in [
        ((3, 1), "Left", "was left with 2 `Left` and no `Right`"),
        ((0, 1), "Right", "was left with no `Left` and 1 `Right`"),
    ] {
        let error = flow.run(counts).await.unwrap_err();
        assert_eq!(error.kind(), FlowErrorKind::LeftOver);
        assert_eq!(error.event(), Some(left));
        assert_eq!(
            error.to_string(),
            format!("the execution finished, but `when Left & Right` {message}")
        );
    }
    // The pairs were made before, and the stream ends with the error.
    let (items, error) = read(flow.stream((2, 1))).await;
    assert_eq!(items, ["0 and 0"]);
    assert_eq!(error.unwrap().kind(), FlowErrorKind::LeftOver);
}

#[tokio::test]
async fn of_three_partners_each_count_is_named() {
    #[handler]
    async fn all(_all: (Left, Right, Third)) {}

    #[handler(emits = Third)]
    async fn never(emits: bool, cx: &Cx) {
        if emits {
            cx.emit(Third);
        }
    }

    #[derive(Event)]
    struct Begun;

    #[handler(emits = [Left, Right, Begun])]
    async fn begin(cx: &Cx) {
        cx.emit(Left(1));
        cx.emit(Right(1));
        cx.emit(Right(2));
        cx.emit(Begun);
    }

    #[handler(on = Begun)]
    async fn no(_begun: Begun) -> bool {
        false
    }

    let flow = flow! {
        start -> begin;
        when Begun -> no -> never;
        when Left & Right & Third -> all
    };
    assert_eq!(
        flow.run(()).await.unwrap_err().to_string(),
        "the execution finished, but `when Left & Right & Third` was left with 1 `Left`, \
         2 `Right` and no `Third`"
    );
}

#[derive(Debug, PartialEq)]
enum Lone {
    Left(u32),
    Right(u32),
}

impl From<Left> for Lone {
    fn from(Left(n): Left) -> Self {
        Self::Left(n)
    }
}

impl From<Right> for Lone {
    fn from(Right(n): Right) -> Self {
        Self::Right(n)
    }
}

#[handler(on = [Left, Right])]
async fn report(lone: Lone, cx: &Cx) {
    cx.put(format!("{lone:?}")).await;
}

#[tokio::test]
async fn the_else_takes_each_of_them_in_order() {
    let flow = flow! {
        start((u32, u32)) -> emit_them;
        when Left & Right -> pair else -> report
    };
    let (items, error) = read(flow.stream((3, 1))).await;
    assert_eq!(items, ["0 and 0", "Left(1)", "Left(2)"]);
    assert!(error.is_none());
    let (items, _) = read(flow.stream((0, 2))).await;
    assert_eq!(items, ["Right(0)", "Right(1)"]);
}

#[tokio::test]
async fn they_may_be_ignored() {
    let flow = flow! {
        start((u32, u32)) -> emit_them;
        when Left & Right -> pair else -> ignore
    };
    let (items, error) = read(flow.stream((2, 1))).await;
    assert_eq!(items, ["0 and 0"]);
    assert!(error.is_none());
}

#[tokio::test]
async fn the_else_may_bring_the_partner_of_another_clause() {
    #[handler(on = [Left, Right], emits = Third)]
    async fn supply(_left: Lone, cx: &Cx) {
        cx.emit(Third);
    }

    #[derive(Clone, Event)]
    struct Fourth;

    #[handler(emits = [Left, Fourth])]
    async fn begin(cx: &Cx) {
        cx.emit(Left(1));
        cx.emit(Fourth);
    }

    #[handler]
    async fn met(_both: (Third, Fourth), cx: &Cx) {
        cx.put("met").await;
    }

    let flow = flow! {
        external Right;
        start -> begin;
        when Left & Right -> pair else -> supply;
        when Third & Fourth -> met
    };
    let (items, error) = read(flow.stream(())).await;
    assert_eq!(items, ["met"]);
    assert!(error.is_none());
}

#[tokio::test(start_paused = true)]
async fn they_are_looked_at_when_what_follows_the_end_has_finished() {
    #[handler(emits = [Left, Third])]
    async fn begin(cx: &Cx) -> u32 {
        cx.emit(Left(1));
        cx.emit(Third);
        42
    }

    #[handler(on = Third, emits = Right)]
    async fn partner(_third: Third, cx: &Cx, log: Res<Log>) {
        sleep(Duration::from_secs(1)).await;
        log.add("partner");
        cx.emit(Right(1));
    }

    #[handler(on = Third)]
    async fn no_partner(_third: Third, log: Res<Log>) {
        sleep(Duration::from_secs(1)).await;
        log.add("no partner");
    }

    let log = Log::default();
    let flow = flow! {
        with Log;
        start -> begin -> end;
        when Third -> partner;
        when Left & Right -> pair
    };
    assert_eq!(flow.with(log.clone()).run(()).await.unwrap(), 42);
    let flow = flow! {
        with Log;
        external Right;
        start -> begin -> end;
        when Third -> no_partner;
        when Left & Right -> pair
    };
    let error = flow.with(log.clone()).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::LeftOver);
    assert_eq!(error.take_output::<u32>(), Some(42));
    assert_eq!(log.lines(), ["partner", "no partner"]);
}

#[tokio::test]
async fn what_drops_the_rest_drops_them_as_well() {
    #[handler(emits = Left)]
    async fn lone(cx: &Cx) -> u32 {
        cx.emit(Left(1));
        1
    }

    #[handler(emits = Left)]
    async fn stops(cx: &Cx) {
        cx.emit(Left(1));
        cx.stop();
    }

    let flow = flow! { external Right; start -> lone -> end now; when Left & Right -> pair };
    assert_eq!(flow.run(()).await.unwrap(), 1);
    let flow = flow! { external Right; start -> stops; when Left & Right -> pair };
    assert!(flow.run(()).await.is_ok());
}

#[tokio::test]
async fn a_stage_with_leftovers_fails_its_clause() {
    let flow = flow! { start((u32, u32)) -> Pairs };
    let error = flow.run((1, 0)).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    assert_eq!(
        format!("{error:#}"),
        "handler `Pairs` failed on start: \
         the execution finished, but `when Left & Right` was left with 1 `Left` and no `Right`"
    );
}

#[tokio::test]
async fn a_failure_in_their_else_names_the_event() {
    #[handler(on = [Left, Right])]
    async fn refuse(_lone: Lone) -> flow_core::Result<()> {
        Err("refused".into())
    }

    #[handler]
    async fn tell(failed: flow_core::Failed, cx: &Cx) {
        cx.put(failed.to_string()).await;
    }

    let flow = flow! {
        start((u32, u32)) -> emit_them;
        when Left & Right -> pair else -> refuse;
        rescue refuse -> tell
    };
    let (items, error) = read(flow.stream((0, 1))).await;
    assert_eq!(items, ["handler `refuse` failed on `Right`: refused"]);
    assert!(error.is_none());
}
