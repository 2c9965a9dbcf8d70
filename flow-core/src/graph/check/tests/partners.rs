//! Partners that exclude each other.

use crate::graph::check::defects::NONE;
use crate::graph::check::partners::IN_ONE_BODY;
use crate::graph::check::tests::{
    A, ALWAYS, B, C, MAYBE, START, event, graph, handler, straight, when,
};
use crate::graph::check::{Analysis, excluded_partners};
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::{Alternative, Count};

/// Emits `A` or `B`.
const EITHER_ALONE: &[Alternative] = &[
    Alternative::new(&[Count::exactly(1), Count::exactly(0)]),
    Alternative::new(&[Count::exactly(0), Count::exactly(1)]),
];

#[test]
fn partners_exclude_each_other_if_one_call_emits_either() {
    const D: EventDesc = event("D");
    const CHOOSE: HandlerDesc = handler("choose", &[A, B]).success(EITHER_ALONE);
    const BOTH: TriggerDesc = TriggerDesc::All(&[A, B]);
    const BEHIND: TriggerDesc = TriggerDesc::All(&[C, B]);
    const ONCE: ClauseDesc = straight(START, &[CHOOSE], &[StageDesc::Handler(CHOOSE)]);
    const AWAIT: ClauseDesc = clause!(BOTH, "both", []);
    const EACH: ClauseDesc = straight(
        START,
        &[CHOOSE],
        &[StageDesc::Each {
            route: &[StageDesc::Handler(CHOOSE)],
            limit: None,
        }],
    );
    const RETRIED: HandlerDesc = CHOOSE.attempts(2);
    const AGAIN: ClauseDesc = straight(START, &[RETRIED], &[StageDesc::Handler(RETRIED)]);
    const SOME: HandlerDesc = handler("some", &[D]).success(ALWAYS);
    const MANY: HandlerDesc = handler("many", &[D]).success(MAYBE);
    const FROM_ONE: ClauseDesc = straight(START, &[SOME], &[StageDesc::Handler(SOME)]);
    const FROM_MANY: ClauseDesc = straight(START, &[MANY], &[StageDesc::Handler(MANY)]);
    const ON_D: ClauseDesc = straight(when(D), &[CHOOSE], &[StageDesc::Handler(CHOOSE)]);
    const FURTHER: GraphDesc = graph(&[
        ONCE,
        clause!(when(A), "next", [C]),
        clause!(BEHIND, "late", []),
    ]);
    const OTHER_SOURCE: GraphDesc = graph(&[
        ONCE,
        clause!(when(A), "next", [B]),
        clause!(BOTH, "both", []),
    ]);
    fn excluded<const N: usize, const W: usize>(graph: &GraphDesc) -> u8 {
        let analysis = Analysis::<N, W>::new(graph);
        excluded_partners(graph, &analysis, N - 1, 0, 1)
    }
    assert_eq!(excluded::<2, 2>(&graph(&[ONCE, AWAIT])), IN_ONE_BODY);
    assert_eq!(
        excluded::<3, 3>(&graph(&[FROM_ONE, ON_D, AWAIT])),
        IN_ONE_BODY
    );
    assert_eq!(excluded::<3, 3>(&FURTHER), IN_ONE_BODY);
    // More than one call, or another source.
    assert_eq!(excluded::<2, 2>(&graph(&[EACH, AWAIT])), NONE);
    assert_eq!(excluded::<2, 2>(&graph(&[AGAIN, AWAIT])), NONE);
    assert_eq!(excluded::<3, 3>(&graph(&[FROM_MANY, ON_D, AWAIT])), NONE);
    assert_eq!(excluded::<3, 3>(&OTHER_SOURCE), NONE);
    let external = GraphDesc {
        external: &[B],
        ..graph(&[ONCE, AWAIT])
    };
    assert_eq!(excluded::<2, 2>(&external), NONE);
}
