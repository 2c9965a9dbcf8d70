use crate::graph::check::analysis::Analysis;
use crate::graph::check::sound::tests::{
    A, B, NO, NONE, ONE, START, YES, choice, clause, each, emits, handler, quiet, when,
    without_output,
};
use crate::graph::check::sound::{Runs, called_again};
use crate::graph::desc::GraphDesc;
use crate::graph::desc::StageDesc::Handler;

#[test]
fn a_handler_is_called_once_or_may_be_called_again() {
    fn called<const N: usize, const W: usize>(graph: &GraphDesc, clause: usize) -> u8 {
        let runs = Runs::new::<W, 64>(graph, &Analysis::new(graph));
        called_again::<N, W>(graph, &runs, clause, 0)
    }
    let book = || Handler(quiet("book").once());
    let begin = |event| clause(START, [Handler(emits("begin", &[event]))]);
    assert_eq!(
        called::<1, 0>(&without_output([clause(START, [book()])]), 0),
        NO
    );
    let in_each = [each(vec![book()])];
    assert_eq!(
        called::<1, 0>(&without_output([clause(START, in_each)]), 0),
        YES
    );
    let arms = [choice([vec![book()], vec![book()]])];
    assert_eq!(
        called::<1, 0>(&without_output([clause(START, arms)]), 0),
        NO
    );
    let again = handler("again", &[A, B], &[&[ONE, NONE], &[NONE, ONE]]);
    let after = [begin(A), when(A, [Handler(again)]), when(B, [book()])];
    assert_eq!(called::<3, 2>(&without_output(after), 2), NO);
    let within = [begin(A), when(A, [book(), Handler(again)]), when(B, [])];
    assert_eq!(called::<3, 2>(&without_output(within), 1), YES);
    let either = [
        clause(START, [Handler(again)]),
        when(A, [book()]),
        when(B, [book()]),
    ];
    assert_eq!(called::<3, 2>(&without_output(either), 1), NO);
    let both = [
        clause(START, [Handler(emits("both", &[A, B]))]),
        when(A, [book()]),
        when(B, [book()]),
    ];
    assert_eq!(called::<3, 2>(&without_output(both), 1), YES);
    let sent = GraphDesc {
        external: &[A],
        ..without_output([clause(START, []), when(A, [book()])])
    };
    assert_eq!(called::<2, 1>(&sent, 1), YES);
}
