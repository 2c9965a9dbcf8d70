//! The messages for what is missing for the proof that `sound;` asks for: each a trait that a place
//! without such a finding implements, as in [`defects`](crate::macro_support::defects).

use crate::graph::check::sound::{
    DEAD_END, ENDS_HERE, GIVES_AWAY, GOES_ON, IGNORED, LEAVES_OVER, LOOP, LOSES_UPDATE, MAY_RETURN,
    MAY_STOP_SHORT, MIXED_UP, RETURNS_SHORT, STAGE, STOPS, TOO_WIDE, UNBOUNDED, UNKNOWN, UNPAIRED,
};

/// What is found at a place: the kind of a `Finding`.
#[derive(Debug)]
pub struct Found<const KIND: u8>;

/// What is found is not of this kind: nothing is, or something else.
pub trait Not<const KIND: u8> {}

macro_rules! not {
    ($($kind:literal: $($other:literal)*;)*) => {
        $($(impl Not<$kind> for Found<$other> {})*)*
    };
}

not! {
    1: 0 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18;
    2: 0 1 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18;
    3: 0 1 2 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18;
    4: 0 1 2 3 5 6 7 8 9 10 11 12 13 14 15 16 17 18;
    5: 0 1 2 3 4 6 7 8 9 10 11 12 13 14 15 16 17 18;
    6: 0 1 2 3 4 5 7 8 9 10 11 12 13 14 15 16 17 18;
    7: 0 1 2 3 4 5 6 8 9 10 11 12 13 14 15 16 17 18;
    8: 0 1 2 3 4 5 6 7 9 10 11 12 13 14 15 16 17 18;
    9: 0 1 2 3 4 5 6 7 8 10 11 12 13 14 15 16 17 18;
    10: 0 1 2 3 4 5 6 7 8 9 11 12 13 14 15 16 17 18;
    11: 0 1 2 3 4 5 6 7 8 9 10 12 13 14 15 16 17 18;
    12: 0 1 2 3 4 5 6 7 8 9 10 11 13 14 15 16 17 18;
    13: 0 1 2 3 4 5 6 7 8 9 10 11 12 14 15 16 17 18;
    14: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 15 16 17 18;
    15: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 16 17 18;
    16: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 17 18;
    17: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 18;
    18: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17;
}

macro_rules! proofs {
    ($(
        $(#[$attr:meta])*
        $name:ident<$($of:ident),* $(; $($number:ident),+)?>: $kind:ident;
    )*) => {
        $(
            $(#[$attr])*
            pub trait $name<$($of,)* $($(const $number: u32),+)?> {
                const OK: () = ();
            }

            #[diagnostic::do_not_recommend]
            impl<$($of,)* $($(const $number: u32,)+)? D: Not<$kind>> $name<$($of,)* $($($number),+)?>
                for D
            {
            }
        )*
    };
}

proofs! {
    /// Does each path through the handler `H` emit something that leads on?
    #[diagnostic::on_unimplemented(
        message = "this flow may stop short of its `end`: `{H}` does not emit `{E}` on the path at line {LINE}",
        label = "may emit nothing that leads to the `end`",
        note = "emit `{E}` on that path as well, or another event that leads to the `end`"
    )]
    LeadsOn<H, E; LINE>: MAY_STOP_SHORT;

    /// Is it known what the handler emits?
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because `{H}` passes its context on at line {LINE}: it may emit anything there, or stop the flow",
        label = "passes its context on",
        note = "emit in the body of `{H}` itself, or return the events and write `-> emit`"
    )]
    KeepsItsContext<H; LINE>: UNKNOWN;

    /// Does the handler pass its context to no macro?
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because `{H}` passes its context to `{M}!` at line {LINE}: it may emit anything there, or stop the flow",
        label = "passes its context to `{M}!`",
        note = "emit in the body of `{H}` itself, or return the events and write `-> emit`"
    )]
    KeepsItsContextHere<H, M; LINE>: GIVES_AWAY;

    /// Does no macro return from the handler before it has emitted?
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because `{H}` calls `{M}!` at line {LINE}, which may return, and does not emit `{E}` then",
        label = "may return at `{M}!`",
        note = "write the code of `{M}!` in the body of `{H}` itself, or emit `{E}` before it"
    )]
    GoesOn<H, M, E; LINE>: MAY_RETURN;

    /// Are the ways through the handler few enough to be told apart?
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because `{H}` has more than eight ways to go: all that is known is that a call emits {LEAST} to {MOST} `{E}`",
        label = "has too many ways to go",
        note = "emit `{E}` at a place that each way comes to, or divide `{H}` into two handlers"
    )]
    HasFewWays<H, E; LEAST, MOST>: TOO_WIDE;

    /// The same, where there is no bound.
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because `{H}` has more than eight ways to go: all that is known is that a call emits {LEAST} or more `{E}`",
        label = "has too many ways to go",
        note = "emit `{E}` at a place that each way comes to, or divide `{H}` into two handlers"
    )]
    HasFewBoundedWays<H, E; LEAST>: UNBOUNDED;

    /// Does something come after the handler?
    #[diagnostic::on_unimplemented(
        message = "this flow may stop short of its `end`: nothing leads on from `{H}`",
        label = "the last handler on a path",
        note = "continue with `-> end`, or emit an event that leads to the `end`"
    )]
    IsFollowed<H>: DEAD_END;

    /// Does what the handler returns always hold an event that leads on?
    #[diagnostic::on_unimplemented(
        message = "this flow may stop short of its `end`: what `{H}` returns may hold no event that leads there",
        label = "may return nothing that leads to the `end`",
        note = "return a type that always holds such an event: `Option` and `Vec` may be empty"
    )]
    ReturnsWhatLeadsOn<H>: RETURNS_SHORT;

    /// Does no path after the handler end in an `ignore`?
    #[diagnostic::on_unimplemented(
        message = "this flow may stop short of its `end`: a path after `{H}` ends in `ignore`",
        label = "may be followed by `ignore`",
        note = "continue that path with `-> end`, or emit an event that leads to the `end`"
    )]
    IsNotIgnored<H>: IGNORED;

    /// Does the handler never stop the execution?
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because `{H}` may stop it before its `end`",
        label = "calls `stop`",
        note = "emit an event that leads to the `end` instead, or return an error"
    )]
    NeverStops<H>: STOPS;

    /// Is the stage proved itself?
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because its stage `{H}` may stop short: add `sound;` to `{H}`",
        label = "is not `sound`"
    )]
    IsSound<H>: STAGE;

    /// Does the clause lead to the `end` at some time?
    #[diagnostic::on_unimplemented(
        message = "this flow may stop short of its `end`: from `{E}`, each path leads back here",
        label = "never leads to the `end`",
        note = "emit an event that leads to the `end` in one of the handlers"
    )]
    LeadsOut<E>: LOOP;

    /// Does what follows from the event come to rest, after the `end`?
    #[diagnostic::on_unimplemented(
        message = "this flow may go on for ever after its `end`: from `{E}`, each path leads to a further event",
        label = "goes on for ever",
        note = "return without an event when `cx.ending()` completes, or write `end now` or `drain within \"10s\";`"
    )]
    ComesToRest<E>: GOES_ON;

    /// Does each path of the clause lead on?
    #[diagnostic::on_unimplemented(
        message = "this flow may stop short of its `end`: a path of this clause leads nowhere",
        label = "may lead nowhere",
        note = "continue each path with `-> end`, or emit an event that leads to the `end`"
    )]
    Continues<>: ENDS_HERE;

    /// Do as many come of each event that the clause waits for?
    #[diagnostic::on_unimplemented(
        message = "events may be left without a partner here: it is not certain that as many `{A}` come as `{B}`",
        label = "may be left over",
        note = "emit one of each on the same paths, or add `else -> handler` for one that is left over"
    )]
    Meets<A, B>: UNPAIRED;

    /// Does the handler emit as many of the event on each path?
    #[diagnostic::on_unimplemented(
        message = "events may be left without a partner: on the path at line {LINE}, `{H}` does not emit as many `{E}` as on others",
        label = "may emit too few `{E}`",
        note = "emit the partners on the same paths, or add `else -> handler` to the clause that waits for them"
    )]
    LeavesNothingOver<H, E; LINE>: LEAVES_OVER;

    /// Is one pair at a time under way?
    #[diagnostic::on_unimplemented(
        message = "events that do not belong together may be paired here: several `{A}` and `{B}` may be under way at a time",
        label = "paired in the order of arrival",
        note = "match them by a field: `when {A} & {B} by .order`"
    )]
    BelongsTogether<A, B>: MIXED_UP;

    /// Do as many come as the clause waits for?
    #[diagnostic::on_unimplemented(
        message = "events may be left over here: it is not certain that `{A}` comes as often as this clause waits for it, or a multiple of that",
        label = "may be left over",
        note = "emit as many on each path, or add `else -> handler` for those that are left over"
    )]
    Divides<A>: UNPAIRED;

    /// Does the handler write no state back that another call may have changed?
    #[diagnostic::on_unimplemented(
        message = "`{H}` may lose an update of `{S}`: it reads it, waits, and writes it back, and another call may do the same meanwhile",
        label = "may overwrite what another call wrote",
        note = "change `{S}` in one `with` after the wait; if only `{H}` writes it back, `concurrency = 1` in its `#[handler]` is enough"
    )]
    KeepsUpdates<H, S>: LOSES_UPDATE;
}

/// The state number `N` that a handler writes back, counted from 1.
pub trait WritesBackAt<const N: u8> {
    type State;
}

// Names no state, where there is none.
impl<H> WritesBackAt<0> for H {
    type State = ();
}

/// The macro number `N` that a handler calls without the proof knowing it, counted from 1.
pub trait CallsAt<const N: u8> {
    type Macro;
}

// Names no macro, where there is none.
impl<H> CallsAt<0> for H {
    type Macro = ();
}
