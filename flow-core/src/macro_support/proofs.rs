//! The messages for what is missing for the proof that `sound;` asks for: each a trait that a place
//! without such a finding implements, as in [`defects`](crate::macro_support::defects).

use crate::graph::check::sound::{
    DEAD_END, ENDS_HERE, GIVES_AWAY, GOES_ON, IGNORED, LEAVES_OVER, LOOP, LOSES_UPDATE, MAY_RETURN,
    MAY_STOP_SHORT, MIXED_UP, PROVED, RETURNS_SHORT, STAGE, STOPS, TOO_WIDE, UNBOUNDED, UNKNOWN,
    UNPAIRED,
};
use crate::macro_support::defects::EmitsAt;

/// What is found at a place: the kind of a `Finding`.
#[derive(Debug)]
pub struct Found<const KIND: u8>;

/// There is no finding at a place.
#[derive(Debug)]
pub struct Nothing;

/// A finding: its kind, and the numbers of an event and of a macro or a state of the handler there.
#[derive(Debug)]
pub struct Something<const KIND: u8, const EVENT: u8, const PART: u8>;

/// The finding number `N` of a flow, counted from 1. `flow!` implements it for a type of the flow.
pub trait FindingAt<const N: u8> {
    type Finding;
}

// No finding.
impl<T> FindingAt<0> for T {
    type Finding = Nothing;
}

/// What is found at a place.
pub trait AtPlace {
    type Found;
}

impl AtPlace for Nothing {
    type Found = Found<PROVED>;
}

impl<const KIND: u8, const EVENT: u8, const PART: u8> AtPlace for Something<KIND, EVENT, PART> {
    type Found = Found<KIND>;
}

/// A type that is named at a place, if there is a finding. Without one it is the same everywhere,
/// so that all places ask the same questions, which rustc answers once.
pub trait Names<T> {
    type Name;
}

impl<T> Names<T> for Nothing {
    type Name = ();
}

impl<T, const KIND: u8, const EVENT: u8, const PART: u8> Names<T> for Something<KIND, EVENT, PART> {
    type Name = T;
}

/// What the finding at the handler `H` is about.
pub trait AtHandler<H> {
    type Event;
    type Part;
}

impl<H> AtHandler<H> for Nothing {
    type Event = ();
    type Part = ();
}

impl<H, const KIND: u8, const EVENT: u8, const PART: u8> AtHandler<H>
    for Something<KIND, EVENT, PART>
where
    H: EmitsAt<EVENT>,
    Found<KIND>: PartAt<H, PART>,
{
    type Event = H::Event;
    type Part = <Found<KIND> as PartAt<H, PART>>::Part;
}

/// The macro or the state number `N` of the handler `H`, if the finding is about one.
pub trait PartAt<H, const N: u8> {
    type Part;
}

impl<H: CallsAt<N>, const N: u8> PartAt<H, N> for Found<MAY_RETURN> {
    type Part = H::Macro;
}

impl<H: CallsAt<N>, const N: u8> PartAt<H, N> for Found<GIVES_AWAY> {
    type Part = H::Macro;
}

impl<H: WritesBackAt<N>, const N: u8> PartAt<H, N> for Found<LOSES_UPDATE> {
    type Part = H::State;
}

macro_rules! about_no_part {
    ($($kind:literal)*) => {
        $(impl<H, const N: u8> PartAt<H, N> for Found<$kind> {
            type Part = ();
        })*
    };
}

about_no_part!(0 1 2 3 4 5 6 7 8 9 10 11 12 14 17 18);

/// Implements the trait of one kind of finding for all others. rustc does not list them where it is
/// missing.
macro_rules! of_other_kinds {
    (1 $of:tt) => {
        of_kinds! { [0 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18] $of }
    };
    (2 $of:tt) => {
        of_kinds! { [0 1 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18] $of }
    };
    (3 $of:tt) => {
        of_kinds! { [0 1 2 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18] $of }
    };
    (4 $of:tt) => {
        of_kinds! { [0 1 2 3 5 6 7 8 9 10 11 12 13 14 15 16 17 18] $of }
    };
    (5 $of:tt) => {
        of_kinds! { [0 1 2 3 4 6 7 8 9 10 11 12 13 14 15 16 17 18] $of }
    };
    (6 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 7 8 9 10 11 12 13 14 15 16 17 18] $of }
    };
    (7 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 6 8 9 10 11 12 13 14 15 16 17 18] $of }
    };
    (8 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 6 7 9 10 11 12 13 14 15 16 17 18] $of }
    };
    (9 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 6 7 8 10 11 12 13 14 15 16 17 18] $of }
    };
    (10 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 6 7 8 9 11 12 13 14 15 16 17 18] $of }
    };
    (11 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 6 7 8 9 10 12 13 14 15 16 17 18] $of }
    };
    (12 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 6 7 8 9 10 11 13 14 15 16 17 18] $of }
    };
    (13 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 6 7 8 9 10 11 12 14 15 16 17 18] $of }
    };
    (14 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 6 7 8 9 10 11 12 13 15 16 17 18] $of }
    };
    (15 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 16 17 18] $of }
    };
    (16 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 17 18] $of }
    };
    (17 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 18] $of }
    };
    (18 $of:tt) => {
        of_kinds! { [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17] $of }
    };
}

macro_rules! of_kinds {
    ([$($kind:literal)*] $of:tt) => {
        $(of_kind! { $kind $of })*
    };
}

macro_rules! of_kind {
    ($kind:literal [$name:ident<$($of:ident),* $(; $($number:ident),+)?>]) => {
        #[diagnostic::do_not_recommend]
        impl<$($of,)* $($(const $number: u32),+)?> $name<$($of,)* $($($number),+)?>
            for Found<$kind>
        {
            type Ok = ();
        }
    };
}

macro_rules! proofs {
    ($(
        $(#[$attr:meta])*
        $name:ident<$($of:ident),* $(; $($number:ident),+)?>: $kind:tt $is:ident;
    )*) => {
        $(
            $(#[$attr])*
            pub trait $name<$($of,)* $($(const $number: u32),+)?> {
                type Ok;
            }

            const _: () = assert!($kind == $is);

            of_other_kinds! { $kind [$name<$($of),* $(; $($number),+)?>] }
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
    LeadsOn<H, E; LINE>: 1 MAY_STOP_SHORT;

    /// Is it known what the handler emits?
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because `{H}` passes its context on at line {LINE}: it may emit anything there, or stop the flow",
        label = "passes its context on",
        note = "emit in the body of `{H}` itself, or return the events and write `-> emit`"
    )]
    KeepsItsContext<H; LINE>: 2 UNKNOWN;

    /// Does the handler pass its context to no macro?
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because `{H}` passes its context to `{M}!` at line {LINE}: it may emit anything there, or stop the flow",
        label = "passes its context to `{M}!`",
        note = "emit in the body of `{H}` itself, or return the events and write `-> emit`"
    )]
    KeepsItsContextHere<H, M; LINE>: 16 GIVES_AWAY;

    /// Does no macro return from the handler before it has emitted?
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because `{H}` calls `{M}!` at line {LINE}, which may return, and does not emit `{E}` then",
        label = "may return at `{M}!`",
        note = "write the code of `{M}!` in the body of `{H}` itself, or emit `{E}` before it"
    )]
    GoesOn<H, M, E; LINE>: 15 MAY_RETURN;

    /// Are the ways through the handler few enough to be told apart?
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because `{H}` has more than eight ways to go: all that is known is that a call emits {LEAST} to {MOST} `{E}`",
        label = "has too many ways to go",
        note = "emit `{E}` at a place that each way comes to, or divide `{H}` into two handlers"
    )]
    HasFewWays<H, E; LEAST, MOST>: 17 TOO_WIDE;

    /// The same, where there is no bound.
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because `{H}` has more than eight ways to go: all that is known is that a call emits {LEAST} or more `{E}`",
        label = "has too many ways to go",
        note = "emit `{E}` at a place that each way comes to, or divide `{H}` into two handlers"
    )]
    HasFewBoundedWays<H, E; LEAST>: 18 UNBOUNDED;

    /// Does something come after the handler?
    #[diagnostic::on_unimplemented(
        message = "this flow may stop short of its `end`: nothing leads on from `{H}`",
        label = "the last handler on a path",
        note = "continue with `-> end`, or emit an event that leads to the `end`"
    )]
    IsFollowed<H>: 3 DEAD_END;

    /// Does what the handler returns always hold an event that leads on?
    #[diagnostic::on_unimplemented(
        message = "this flow may stop short of its `end`: what `{H}` returns may hold no event that leads there",
        label = "may return nothing that leads to the `end`",
        note = "return a type that always holds such an event: `Option` and `Vec` may be empty"
    )]
    ReturnsWhatLeadsOn<H>: 9 RETURNS_SHORT;

    /// Does no path after the handler end in an `ignore`?
    #[diagnostic::on_unimplemented(
        message = "this flow may stop short of its `end`: a path after `{H}` ends in `ignore`",
        label = "may be followed by `ignore`",
        note = "continue that path with `-> end`, or emit an event that leads to the `end`"
    )]
    IsNotIgnored<H>: 10 IGNORED;

    /// Does the handler never stop the execution?
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because `{H}` may stop it before its `end`",
        label = "calls `stop`",
        note = "emit an event that leads to the `end` instead, or return an error"
    )]
    NeverStops<H>: 5 STOPS;

    /// Is the stage proved itself?
    #[diagnostic::on_unimplemented(
        message = "this flow is not proved `sound` because its stage `{H}` may stop short: add `sound;` to `{H}`",
        label = "is not `sound`"
    )]
    IsSound<H>: 6 STAGE;

    /// Does the clause lead to the `end` at some time?
    #[diagnostic::on_unimplemented(
        message = "this flow may stop short of its `end`: from `{E}`, each path leads back here",
        label = "never leads to the `end`",
        note = "emit an event that leads to the `end` in one of the handlers"
    )]
    LeadsOut<E>: 4 LOOP;

    /// Does what follows from the event come to rest, after the `end`?
    #[diagnostic::on_unimplemented(
        message = "this flow may go on for ever after its `end`: from `{E}`, each path leads to a further event",
        label = "goes on for ever",
        note = "return without an event when `cx.ending()` completes, or write `end now` or `drain within \"10s\";`"
    )]
    ComesToRest<E>: 14 GOES_ON;

    /// Does each path of the clause lead on?
    #[diagnostic::on_unimplemented(
        message = "this flow may stop short of its `end`: a path of this clause leads nowhere",
        label = "may lead nowhere",
        note = "continue each path with `-> end`, or emit an event that leads to the `end`"
    )]
    Continues<>: 7 ENDS_HERE;

    /// Do as many come of each event that the clause waits for?
    #[diagnostic::on_unimplemented(
        message = "events may be left without a partner here: it is not certain that as many `{A}` come as `{B}`",
        label = "may be left over",
        note = "emit one of each on the same paths, or add `else -> handler` for one that is left over"
    )]
    Meets<A, B>: 8 UNPAIRED;

    /// Does the handler emit as many of the event on each path?
    #[diagnostic::on_unimplemented(
        message = "events may be left without a partner: on the path at line {LINE}, `{H}` does not emit as many `{E}` as on others",
        label = "may emit too few `{E}`",
        note = "emit the partners on the same paths, or add `else -> handler` to the clause that waits for them"
    )]
    LeavesNothingOver<H, E; LINE>: 11 LEAVES_OVER;

    /// Is one pair at a time under way?
    #[diagnostic::on_unimplemented(
        message = "events that do not belong together may be paired here: several `{A}` and `{B}` may be under way at a time",
        label = "paired in the order of arrival",
        note = "match them by a field: `when {A} & {B} by .order`"
    )]
    BelongsTogether<A, B>: 12 MIXED_UP;

    /// Do as many come as the clause waits for?
    #[diagnostic::on_unimplemented(
        message = "events may be left over here: it is not certain that `{A}` comes as often as this clause waits for it, or a multiple of that",
        label = "may be left over",
        note = "emit as many on each path, or add `else -> handler` for those that are left over"
    )]
    Divides<A>: 8 UNPAIRED;

    /// Does the handler write no state back that another call may have changed?
    #[diagnostic::on_unimplemented(
        message = "`{H}` may lose an update of `{S}`: it reads it, waits, and writes it back, and another call may do the same meanwhile",
        label = "may overwrite what another call wrote",
        note = "change `{S}` in one `with` after the wait; if only `{H}` writes it back, `concurrency = 1` in its `#[handler]` is enough"
    )]
    KeepsUpdates<H, S>: 13 LOSES_UPDATE;
}

/// Asks all questions about a handler.
pub type AskedOfHandler<P, H, const FROM: u32, const TO: u32> = (
    <Kind<P> as IsSound<Name<P, H>>>::Ok,
    <Kind<P> as LeadsOn<Name<P, H>, Event<P, H>, FROM>>::Ok,
    <Kind<P> as KeepsItsContext<Name<P, H>, FROM>>::Ok,
    <Kind<P> as KeepsItsContextHere<Name<P, H>, Part<P, H>, FROM>>::Ok,
    <Kind<P> as GoesOn<Name<P, H>, Part<P, H>, Event<P, H>, FROM>>::Ok,
    <Kind<P> as HasFewWays<Name<P, H>, Event<P, H>, FROM, TO>>::Ok,
    <Kind<P> as HasFewBoundedWays<Name<P, H>, Event<P, H>, FROM>>::Ok,
    <Kind<P> as IsFollowed<Name<P, H>>>::Ok,
    <Kind<P> as NeverStops<Name<P, H>>>::Ok,
    <Kind<P> as IsNotIgnored<Name<P, H>>>::Ok,
    <Kind<P> as ReturnsWhatLeadsOn<Name<P, H>>>::Ok,
    <Kind<P> as LeavesNothingOver<Name<P, H>, Event<P, H>, FROM>>::Ok,
    <Kind<P> as KeepsUpdates<Name<P, H>, Part<P, H>>>::Ok,
);

/// Asks all questions about a clause without an event.
pub type AskedOfClause<P> = <Kind<P> as Continues>::Ok;

/// Asks all questions about a clause with an event.
pub type AskedOfEvent<P, E> = (
    <Kind<P> as Continues>::Ok,
    <Kind<P> as LeadsOut<Name<P, E>>>::Ok,
    <Kind<P> as ComesToRest<Name<P, E>>>::Ok,
);

/// Asks all questions about a clause with partners, of which these are the first and the last.
pub type AskedOfPartners<P, A, B> = (
    AskedOfEvent<P, A>,
    <Kind<P> as Meets<Name<P, A>, Name<P, B>>>::Ok,
    <Kind<P> as BelongsTogether<Name<P, A>, Name<P, B>>>::Ok,
);

/// Asks all questions about a clause for several of an event.
pub type AskedOfGroup<P, E> = (AskedOfEvent<P, E>, <Kind<P> as Divides<Name<P, E>>>::Ok);

type Kind<P> = <P as AtPlace>::Found;
type Name<P, T> = <P as Names<T>>::Name;
type Event<P, H> = <P as AtHandler<H>>::Event;
type Part<P, H> = <P as AtHandler<H>>::Part;

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
