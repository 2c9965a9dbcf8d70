use crate::graph::check::analysis::Analysis;
use crate::graph::check::sound::tests::{
    Finding, NONE, ONE, START, clause, event, flow, handler, leak, quiet, when,
};
use crate::graph::check::sound::{DEAD_END, FINDINGS, PROVED, Soundness};
use crate::graph::desc::StageDesc::Handler;

#[test]
fn so_many_findings_are_reported_at_a_time_and_the_others_when_those_are_mended() {
    const ENDS: usize = 20;
    let name = |n: usize| &*Box::leak(format!("E{n}").into_boxed_str());
    let events: Vec<_> = (0..ENDS).map(|n| event(name(n))).collect();
    // The start leads to one of twenty clauses, and nothing leads on from those.
    let ways: Vec<&'static [_]> = (0..ENDS)
        .map(|way| {
            leak(
                (0..ENDS)
                    .map(|n| if n == way { ONE } else { NONE })
                    .collect(),
            )
        })
        .collect();
    let begin = clause(START, [Handler(handler("begin", &events, &ways))]);
    let ends = events
        .iter()
        .map(|event| when(*event, [Handler(quiet("last"))]));
    let graph = flow([begin].into_iter().chain(ends));
    let proof = Soundness::<21>::new::<20, 64>(&graph, &Analysis::new(&graph));
    assert!(!proof.is_proved());
    let first = proof.first();
    for (n, finding) in first.iter().enumerate() {
        assert_eq!(
            (finding.kind, finding.clause, finding.handler),
            (DEAD_END, n + 1, 0)
        );
    }
    for clause in 1..=ENDS {
        let number = proof.number(clause, clause, 0);
        let expected = if clause <= FINDINGS { clause } else { 0 };
        assert_eq!(usize::from(number), expected);
        assert_eq!(proof.number(clause, clause, Finding::CLAUSE), 0);
    }
    assert!(
        proof.findings[FINDINGS + 1..]
            .iter()
            .all(|left| left.kind != PROVED)
    );
}
