//! Graphs of which it is known what may go wrong.

use flow_core::__private::sound::{GOES_ON, MIXED_UP, STAGE, UNPAIRED};

use crate::net::Net;
use crate::search::Kind;
use crate::spec::{Clause, Handler, Inner, Range, Spec, Stage, Trigger};
use crate::walk::walk;

const ONE: Range = (1, Some(1));
const NONE: Range = (0, Some(0));
const A: usize = 0;
const B: usize = 1;
const C: usize = 2;

/// A handler that emits these events, in each of these ways.
fn emitting<const N: usize>(name: usize, emits: [usize; N], ways: &[[Range; N]]) -> Stage {
    Stage::Handler(handler(name, emits, ways))
}

fn handler<const N: usize>(name: usize, emits: [usize; N], ways: &[[Range; N]]) -> Handler {
    Handler {
        name,
        emits: emits.to_vec(),
        success: ways.iter().map(|way| way.to_vec()).collect(),
        failure: Vec::new(),
        can_fail: false,
        attempts: 1,
        timeout: false,
        undone: false,
    }
}

fn quiet(name: usize) -> Stage {
    emitting(name, [], &[[]])
}

fn start(first: Stage) -> Clause {
    Clause::new(Trigger::Start, vec![first])
}

fn when<const N: usize>(trigger: Trigger, route: [Stage; N]) -> Clause {
    Clause::new(trigger, Vec::from(route))
}

/// What may go wrong in a flow with an output.
fn found(clauses: &[Clause]) -> Vec<Kind> {
    found_in(&Spec::new(true, clauses.to_vec()))
}

fn found_in(spec: &Spec) -> Vec<Kind> {
    let net = Net::new(spec.graph());
    let explored = net.explore();
    assert!(explored.is_complete);
    let mut kinds: Vec<_> = explored.faults.iter().map(|fault| fault.kind).collect();
    kinds.extend(
        (0..200)
            .find_map(|seed| walk(&net, seed))
            .map(|fault| fault.kind),
    );
    kinds.sort_unstable();
    kinds
}

#[test]
fn a_way_that_emits_nothing_stalls() {
    let ends = when(Trigger::Event(A), [quiet(1), Stage::End]);
    let always = start(emitting(0, [A], &[[ONE]]));
    assert_eq!(found(&[always, ends.clone()]), []);
    let sometimes = start(emitting(0, [A], &[[ONE], [NONE]]));
    assert_eq!(found(&[sometimes, ends]), [Kind::Stalls]);
}

#[test]
fn partners_that_exclude_each_other_stall_and_are_left_over() {
    let both = when(Trigger::All(vec![A, B]), [quiet(1), Stage::End]);
    let either = start(emitting(0, [A, B], &[[ONE, NONE], [NONE, ONE]]));
    let faults = [Kind::Stalls, Kind::LeavesOver];
    assert_eq!(found(&[either.clone(), both.clone()]), faults);
    let with_else = Clause {
        otherwise: Some(vec![quiet(2), Stage::End]),
        ..both.clone()
    };
    assert_eq!(found(&[either, with_else]), []);
    let together = start(emitting(0, [A, B], &[[ONE, ONE]]));
    assert_eq!(found(&[together, both]), []);
}

#[test]
fn three_of_four_are_left_over() {
    let three = when(Trigger::Times(A, 3), [quiet(1), Stage::End]);
    let of = |count| start(emitting(0, [A], &[[(count, Some(count))]]));
    assert_eq!(found(&[of(3), three.clone()]), []);
    assert_eq!(found(&[of(4), three.clone()]), [Kind::LeavesOver]);
    assert_eq!(found(&[of(2), three]), [Kind::Stalls, Kind::LeavesOver]);
}

#[test]
fn a_loop_may_end_but_must_have_an_exit() {
    let again = |ways| emitting(0, [A, B], ways);
    let ends = when(Trigger::Event(B), [quiet(1), Stage::End]);
    let exit: &[_] = &[[ONE, NONE], [NONE, ONE]];
    let goes_round = when(Trigger::Event(A), [again(exit)]);
    assert_eq!(found(&[start(again(exit)), goes_round, ends.clone()]), []);
    let none: &[_] = &[[ONE, NONE]];
    let goes_round = when(Trigger::Event(A), [again(none)]);
    assert_eq!(
        found(&[start(again(none)), goes_round, ends]),
        [Kind::NeverEnds]
    );
}

#[test]
fn two_pairs_under_way_may_be_mixed_up_unless_they_are_matched() {
    let orders = start(emitting(0, [C], &[[(2, Some(2))]]));
    let approve = when(Trigger::Event(C), [emitting(1, [A], &[[ONE]])]);
    let pay = when(Trigger::Event(C), [emitting(2, [B], &[[ONE]])]);
    let both = when(Trigger::All(vec![A, B]), [quiet(3), Stage::End]);
    let clauses = [orders, approve, pay, both.clone()];
    assert_eq!(found(&clauses), [Kind::Mispairs]);
    let matched = Clause { by: true, ..both };
    let [orders, approve, pay, _] = clauses;
    assert_eq!(found(&[orders, approve, pay, matched]), []);
}

#[test]
fn a_failed_call_has_emitted_what_it_has_emitted() {
    let fails = |failure: Range| {
        let handler = Handler {
            failure: vec![vec![failure]],
            can_fail: true,
            ..handler(0, [A], &[[ONE]])
        };
        start(Stage::Handler(handler))
    };
    let ends = when(Trigger::Times(A, 2), [quiet(1), Stage::End]);
    let rescue = when(Trigger::Rescue(Some(0)), [emitting(2, [A], &[[ONE]])]);
    let clauses = |failure| [fails(failure), ends.clone(), rescue.clone()];
    let alone = [Kind::Stalls, Kind::LeavesOver];
    assert_eq!(found(&clauses(NONE)), alone);
    // Only the call that succeeds leaves its event alone.
    assert_eq!(found(&clauses(ONE)), alone);
    let retried = Handler {
        failure: vec![vec![ONE]],
        can_fail: true,
        attempts: 2,
        ..handler(0, [A], &[[ONE]])
    };
    let retried = start(Stage::Handler(retried));
    let once = when(Trigger::Event(A), [quiet(1), Stage::End]);
    assert_eq!(found(&[retried, once]), []);
}

#[test]
fn a_question_is_not_asked_once_the_end_is_decided() {
    let both = start(emitting(0, [A, B], &[[ONE, ONE]]));
    let ends = when(Trigger::Event(A), [emitting(1, [C], &[[ONE]]), Stage::End]);
    let asks = when(Trigger::Ask(B), [emitting(2, [3], &[[ONE]])]);
    let pair = when(Trigger::All(vec![C, 3]), [quiet(3), Stage::Ignore]);
    let clauses = [both, ends, asks.clone(), pair];
    assert_eq!(found(&clauses), [Kind::LeavesOver]);
    let [both, ends, _, pair] = clauses;
    let unanswered = Clause {
        otherwise: Some(vec![emitting(4, [3], &[[ONE]])]),
        ..asks
    };
    assert_eq!(found(&[both, ends, unanswered, pair]), []);
}

/// What is missing for the proof of the flow.
fn refused(spec: &Spec) -> Vec<u8> {
    assert!(crate::well_formed::is_well_formed(spec), "{}", spec.text());
    crate::findings(spec.graph())
}

#[test]
fn reminders_of_one_question_are_several_activations() {
    let asks = start(emitting(0, [A], &[[ONE]]));
    let question = Clause {
        reminder: Some(handler(1, [B], &[[ONE]])),
        ..when(Trigger::Ask(A), [quiet(2), Stage::End])
    };
    let (left, right) = (3, 4);
    let one = when(Trigger::Event(B), [emitting(3, [left], &[[ONE]])]);
    let other = when(Trigger::Event(B), [emitting(4, [right], &[[ONE]])]);
    let both = when(Trigger::All(vec![left, right]), [quiet(5)]);
    let spec = Spec::new(true, vec![asks, question, one, other, both]);
    let net = Net::new(spec.graph());
    let fault = (0..1_000).find_map(|seed| walk(&net, seed));
    assert_eq!(fault.map(|fault| fault.kind), Some(Kind::Mispairs));
    assert_eq!(refused(&spec), [MIXED_UP]);
}

#[test]
fn a_question_in_the_finally_is_not_answered() {
    let starts = start(quiet(0));
    let finally = when(Trigger::Finally, [emitting(1, [A, B], &[[ONE, ONE]])]);
    let asks = when(Trigger::Ask(A), [emitting(2, [C], &[[ONE]])]);
    let both = when(Trigger::All(vec![B, C]), [quiet(3)]);
    let spec = Spec::new(false, vec![starts, finally, asks, both]);
    assert_eq!(found_in(&spec), [Kind::LeavesOver]);
    assert_eq!(refused(&spec), [UNPAIRED]);
}

#[test]
fn a_stage_in_the_finally_that_asks_is_given_up() {
    let starts = start(quiet(0));
    let route = [
        emitting(1, [A], &[[ONE]]),
        Stage::Ask(25, false),
        emitting(2, [B], &[[ONE]]),
    ];
    let finally = when(Trigger::Finally, route);
    let both = when(Trigger::All(vec![A, B]), [quiet(3)]);
    let spec = Spec::new(false, vec![starts, finally, both]);
    assert_eq!(found_in(&spec), [Kind::LeavesOver]);
    assert_eq!(refused(&spec), [UNPAIRED]);
}

#[test]
fn what_waits_for_the_outside_is_not_left_over_where_that_leads_to_an_end_now() {
    let two_of_one = when(Trigger::Times(A, 2), [quiet(1)]);
    let starts = start(emitting(0, [A], &[[ONE]]));
    let ends = |stage| when(Trigger::Event(B), [quiet(2), stage]);
    let spec = |stage| Spec {
        external: vec![B],
        ..Spec::new(true, vec![starts.clone(), two_of_one.clone(), ends(stage)])
    };
    let now = spec(Stage::EndNow);
    assert_eq!((found_in(&now), refused(&now)), (vec![], vec![]));
    // An `end` lets it be told.
    let drained = spec(Stage::End);
    assert_eq!(found_in(&drained), [Kind::LeavesOver]);
    assert_eq!(refused(&drained), [UNPAIRED]);
}

#[test]
fn a_loop_beside_a_question_ends_with_its_answer() {
    // `start -> begin -> ask Z -> end; ask A -> again`
    let begin = [
        emitting(0, [A], &[[ONE]]),
        Stage::Ask(25, false),
        Stage::End,
    ];
    let again = when(Trigger::Ask(A), [emitting(1, [A], &[[ONE]])]);
    let spec = Spec::new(true, vec![when(Trigger::Start, begin), again]);
    assert_eq!((found_in(&spec), refused(&spec)), (vec![], vec![]));
}

#[test]
fn a_branch_of_a_first_that_fails_leads_nowhere_if_another_cannot() {
    // `start -> begin; when A -> again -> first (one, other) -> end`
    let fails = |name| {
        Stage::Handler(Handler {
            failure: vec![vec![]],
            can_fail: true,
            ..handler(name, [], &[[]])
        })
    };
    let spec = |one, other| {
        let first = Stage::First(vec![vec![one], vec![other]]);
        let again = [emitting(1, [A], &[[ONE]]), first, Stage::End];
        let begin = start(emitting(0, [A], &[[ONE]]));
        Spec::new(true, vec![begin, when(Trigger::Event(A), again)])
    };
    let one_fails = spec(quiet(2), fails(3));
    assert_eq!(found_in(&one_fails), [Kind::NeverEnds]);
    assert_eq!(refused(&one_fails), [GOES_ON]);
    let both_fail = spec(fails(2), fails(3));
    assert_eq!(
        (found_in(&both_fail), refused(&both_fail)),
        (vec![], vec![])
    );
}

#[test]
fn the_end_of_the_flow_around_it_gives_up_the_question_of_a_stage() {
    // `start -> begin; ask A -> answered; when B & C -> both`
    let stage = when(Trigger::Event(A), [Stage::Flow(Inner::Lone)]);
    let ends = when(Trigger::Event(A), [quiet(1), Stage::End]);
    let spec = Spec::new(true, vec![start(emitting(0, [A], &[[ONE]])), stage, ends]);
    assert_eq!(found_in(&spec), [Kind::StageStops]);
    assert_eq!(refused(&spec), [STAGE]);
}
