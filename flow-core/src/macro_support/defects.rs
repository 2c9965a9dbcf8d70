//! The messages for the defects of a graph that [`graph::check`](crate::graph::check) finds: each a
//! trait that a place without the defect implements.
//!
//! A `const` that panics has a first line only, with "evaluation panicked:" before it. A trait has
//! a label and a note as well, and takes its names from types:
//!
//! ```text
//! const DEFECT: u8 = …;
//! let () = <Defect<DEFECT> as Emitted<Quit>>::OK;
//! ```
//!
//! [`Without`] stands between, so that rustc does not list the other kinds of defects.

use crate::graph::check::{
    ANSWERED_OR_NOT, CALLED_AGAIN, CONTRADICTED, DEFECT, ENDLESS, FAILED_OR_NOT, IN_ONE_BODY,
    IN_TWO_ARMS, INFALLIBLE, NAMESAKE, NEVER_ASKED, NEVER_EMITTED, NEVER_OVER, NEVER_REACHED,
    NO_EFFECT, NO_ERROR, NONE, NOTHING_TO_RESCUE, OUTLIVES_THE_END, REPEATED, SPELLED_TWICE,
};

/// What is wrong at a place: the number that a function of `graph::check`
/// returns.
#[derive(Debug)]
pub struct Defect<const KIND: u8>;

/// The defect is not of this kind: there is none, or another one.
pub trait Without<const KIND: u8> {}

/// There is no defect. Where the number is that of an event, there is no
/// limit to the kinds.
pub trait NoDefect {}

impl NoDefect for Defect<NONE> {}

macro_rules! without {
    ($($kind:literal: $($other:literal)*;)*) => {
        $($(impl Without<$kind> for Defect<$other> {})*)*
    };
}

without! {
    1: 0 2 3 4 5 6 7 8;
    2: 0 1 3 4 5 6 7 8;
    3: 0 1 2 4 5 6 7 8;
    4: 0 1 2 3 5 6 7 8;
    5: 0 1 2 3 4 6 7 8;
    6: 0 1 2 3 4 5 7 8;
    7: 0 1 2 3 4 5 6 8;
    8: 0 1 2 3 4 5 6 7;
}

/// The event number `N` that a handler emits, counted from 1.
pub trait EmitsAt<const N: u8> {
    type Event;
}

// Names no event, where there is no defect.
impl<H> EmitsAt<NONE> for H {
    type Event = ();
}

/// The events of a handler whose numbers are bits of `SET`, as a tuple.
pub trait Picks<const SET: u8> {
    type Events;
}

macro_rules! picks {
    ([$($picked:literal)*]) => {
        impl<H> Picks<{ 0 $(| 1 << ($picked - 1))* }> for H
        where
            $(H: EmitsAt<$picked>,)*
        {
            type Events = ($(<H as EmitsAt<$picked>>::Event,)*);
        }
    };
    ([$($picked:literal)*] $next:literal $($rest:literal)*) => {
        picks!([$($picked)*] $($rest)*);
        picks!([$($picked)* $next] $($rest)*);
    };
}

picks!([] 1 2 3 4 5 6);

/// The event of the handler `H` whose number this is.
pub trait EventAt<H> {
    type Event;
}

impl<H: EmitsAt<NUMBER>, const NUMBER: u8> EventAt<H> for Defect<NUMBER> {
    type Event = H::Event;
}

/// The events of the handler `H` whose numbers are bits of this.
pub trait EventsAt<H> {
    type Events;
}

impl<H: Picks<SET>, const SET: u8> EventsAt<H> for Defect<SET> {
    type Events = H::Events;
}

/// Do clauses take this event that the handler `H` emits?
#[diagnostic::on_unimplemented(
    message = "`{H}` emits `{E}`, which no clause takes",
    label = "emits `{E}`",
    note = "add `when {E} -> …`, or declare `ignore {E};`"
)]
pub trait Heard<H, E> {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<H, E, D: NoDefect> Heard<H, E> for D {}

/// Do clauses take these events, a tuple, which the handler `H` emits?
#[diagnostic::on_unimplemented(
    message = "`{H}` emits events that no clause takes: `{L}`",
    label = "emits `{L}`",
    note = "add `when … -> …` for each, or declare `ignore …;`"
)]
pub trait AllHeard<H, L> {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<H, L, D: NoDefect> AllHeard<H, L> for D {}

/// Do clauses take all that an `emit` emits?
#[diagnostic::on_unimplemented(
    message = "`{Self}` is emitted here, but no clause takes it",
    label = "emits `{Self}`",
    note = "add `when {Self} -> …`, or declare `ignore {Self};`"
)]
pub trait HeardHere<D> {
    const OK: () = ();
}

// For the event, whose type may have to be inferred first.
#[diagnostic::do_not_recommend]
impl<E, D: NoDefect> HeardHere<D> for E {}

macro_rules! questions {
    ($(
        $(#[$attr:meta])*
        $name:ident<$($of:ident),*>: $kind:ident;
    )*) => {
        $(
            $(#[$attr])*
            pub trait $name<$($of),*> {
                const OK: () = ();
            }

            #[diagnostic::do_not_recommend]
            impl<$($of,)* D: $crate::macro_support::defects::Without<$kind>> $name<$($of),*> for D {}
        )*
    };
}

pub(super) use questions;

questions! {
    /// Does the handler take its idempotency key, as it is retried and acts on the outside?
    #[diagnostic::on_unimplemented(
        message = "`{H}` acts on the outside and is retried, so it has to take its idempotency key: add a parameter `key: flow_core::IdempotencyKey`, and pass it on",
        label = "takes no idempotency key"
    )]
    RetriesWithKey<H>: REPEATED;

    /// Does it, as a durable flow may call it again?
    #[diagnostic::on_unimplemented(
        message = "`{H}` acts on the outside and may be called again after a crash, so it has to take its idempotency key: add a parameter `key: flow_core::IdempotencyKey`, and pass it on",
        label = "takes no idempotency key"
    )]
    ActsWithKey<H>: CALLED_AGAIN;

    /// Does a handler emit the event that a clause waits for?
    #[diagnostic::on_unimplemented(
        message = "this clause never runs: no handler in this flow emits `{E}`",
        label = "waits for `{E}`",
        note = "add `emits = {E}` to a handler, or declare `external {E};`"
    )]
    Emitted<E>: NEVER_EMITTED;

    /// Does `start` lead to a handler that emits it?
    #[diagnostic::on_unimplemented(
        message = "this clause is never reached: nothing leads from `start` to a handler that emits `{E}`",
        label = "waits for `{E}`",
        note = "emit `{E}` in a handler that is reached, or remove this clause"
    )]
    Reached<E>: NEVER_REACHED;

    /// Can the cycle of the clause that begins with `H` end, or wait?
    #[diagnostic::on_unimplemented(
        message = "`{H}` is in a loop that never ends or yields: it always leads back to `{E}`",
        label = "always leads back to `{E}`",
        note = "emit conditionally in a handler of the loop, or `.await` something first; what goes on after an `end` is dropped by `end now`"
    )]
    Yields<E, H>: ENDLESS;

    /// Is the cycle of the clause that begins with `H` over when the execution ends?
    #[diagnostic::on_unimplemented(
        message = "`{H}` is in a loop that goes on after the `end`: it always leads back to `{E}`",
        label = "always leads back to `{E}`",
        note = "what is under way at the `end` is finished first: return when `cx.ending()` completes, write `end now`, or declare `drain within`"
    )]
    EndsWithTheFlow<E, H>: OUTLIVES_THE_END;

    /// Does the body of the handler emit the event that its attribute declares?
    #[diagnostic::on_unimplemented(
        message = "`{H}` declares that it emits `{E}`, but its body never does",
        label = "never emitted",
        note = "emit `{E}` in the body, or remove it from `emits`"
    )]
    EmittedInBody<H, E>: DEFECT;

    /// Does the flow ask the question that a clause takes?
    #[diagnostic::on_unimplemented(
        message = "nothing answers the question `{Q}`: this flow takes it with `when`, and never asks it",
        label = "taken without being asked",
        note = "write `ask {Q} -> …` instead of `when {Q} -> …`, or remove `answer` from its `#[event]`"
    )]
    AskedSomewhere<Q>: NEVER_ASKED;

    /// May both partners of a clause come in one execution?
    #[diagnostic::on_unimplemented(
        message = "this clause never runs: an execution emits `{A}` or `{B}`, and never both",
        label = "excludes `{A}`",
        note = "wait for either, `when {A} | {B}`, or let the handler emit both"
    )]
    MayMeet<A, B>: IN_ONE_BODY;

    /// Are partners emitted in one arm of a choice?
    #[diagnostic::on_unimplemented(
        message = "this clause never runs: an execution emits `{A}` or `{B}`, in different arms, and never both",
        label = "excludes `{A}`",
        note = "wait for either, `when {A} | {B}`, or let one arm lead to both"
    )]
    MeetInOneArm<A, B>: IN_TWO_ARMS;

    /// Do partners follow the same fate of a question?
    #[diagnostic::on_unimplemented(
        message = "this clause never runs: of `{A}` and `{B}`, one follows an answer, and the other its absence",
        label = "excludes `{A}`",
        note = "wait for either, `when {A} | {B}`, or emit both in one of the cases"
    )]
    MeetInOneAnswer<A, B>: ANSWERED_OR_NOT;

    /// Do partners follow the same outcome of a handler?
    #[diagnostic::on_unimplemented(
        message = "this clause never runs: of `{A}` and `{B}`, one follows the success of a handler, and the other its failure",
        label = "excludes `{A}`",
        note = "wait for either, `when {A} | {B}`, or emit both in one of the cases"
    )]
    MeetInOneOutcome<A, B>: FAILED_OR_NOT;

    /// Does the handler return at some time, so that the execution is over after its `end`?
    #[diagnostic::on_unimplemented(
        message = "`{H}` never returns, and this flow waits for it after its `end`: return when `cx.ending()` completes",
        label = "never returns",
        note = "what is under way at the `end` is finished first; `every \"1s\" -> …` stops by itself, `end now` drops the rest, and `drain within` bounds it"
    )]
    ReturnsAtTheEnd<H>: NEVER_OVER;

    /// Does an execution call a handler that is marked `once` only once?
    #[diagnostic::on_unimplemented(
        message = "`{H}` is `once`, but an execution may run it again: through a loop, a clock, an `each`, a second clause, a second event, or another flow",
        label = "may run more than once",
        note = "remove what runs it again, or remove `once` from its `#[handler]`"
    )]
    CalledOnce<H>: DEFECT;

    /// Do all clauses name the event by the same path?
    #[diagnostic::on_unimplemented(
        message = "another clause names `{E}` by another path",
        label = "this is `{E}` as well",
        note = "use the same path in all clauses"
    )]
    SpelledAlike<E>: SPELLED_TWICE;

    /// Is the clause that begins with `H` the only one that does this for the event?
    #[diagnostic::on_unimplemented(
        message = "duplicate clause: another one runs the same handlers for `{E}`, under another path of `{H}`",
        label = "runs the same handlers for `{E}`",
        note = "remove one of them"
    )]
    RunsOnce<E, H>: DEFECT;

    /// Is the clause that begins with `H` the only one that does this at each period?
    #[diagnostic::on_unimplemented(
        message = "duplicate clause: another `every` runs the same handlers at the same period, under another path of `{H}`",
        label = "runs the same handlers",
        note = "remove one of them"
    )]
    RunsOnceAPeriod<H>: DEFECT;

    /// Is there an `end` from which `drain within` counts?
    #[diagnostic::on_unimplemented(
        message = "`drain within` has no effect because no clause leads to `end`: remove it, or add `-> end`",
        label = "counts from the `end`"
    )]
    DrainsAfterAnEnd<>: DEFECT;

    /// Is the resource declared once?
    #[diagnostic::on_unimplemented(
        message = "duplicate `with {T};`: another `with` names `{T}` by another path",
        label = "this is `{T}` as well",
        note = "remove one of them"
    )]
    GivenOnce<T>: DEFECT;

    /// Is the state declared once?
    #[diagnostic::on_unimplemented(
        message = "duplicate `state {T};`: another `state` names `{T}` by another path",
        label = "this is `{T}` as well",
        note = "remove one of them"
    )]
    KeptOnce<T>: DEFECT;

    /// Is the event from outside declared once?
    #[diagnostic::on_unimplemented(
        message = "duplicate `external {E};`: another `external` names `{E}` by another path",
        label = "this is `{E}` as well",
        note = "remove one of them"
    )]
    ExternalOnce<E>: DEFECT;

    /// Is the event that is ignored declared once?
    #[diagnostic::on_unimplemented(
        message = "duplicate `ignore {E};`: another `ignore` names `{E}` by another path",
        label = "this is `{E}` as well",
        note = "remove one of them"
    )]
    IgnoredOnce<E>: DEFECT;

    /// Is the event the one that handlers emit, and not another of its name?
    #[diagnostic::on_unimplemented(
        message = "this clause waits for `{E}`, but a handler emits another event of that name: write its path",
        label = "not the event that is emitted",
        note = "or import the other event instead of this one"
    )]
    Meant<E>: NAMESAKE;

    /// Does a clause take the `external` event?
    #[diagnostic::on_unimplemented(
        message = "`external {E}` has no effect because no clause takes `{E}`",
        label = "not taken",
        note = "add `when {E} -> …`, or remove this declaration"
    )]
    Taken<E>: NO_EFFECT;

    /// Is the `external` event not ignored as well?
    #[diagnostic::on_unimplemented(
        message = "`{E}` is declared both `external` and `ignore`",
        label = "ignored as well",
        note = "remove one declaration"
    )]
    NotIgnored<E>: CONTRADICTED;

    /// Does a handler emit the event that is ignored?
    #[diagnostic::on_unimplemented(
        message = "`ignore {E}` has no effect because no handler in this flow emits `{E}`",
        label = "not emitted",
        note = "remove this declaration"
    )]
    IgnoredEmitted<E>: NO_EFFECT;

    /// Does no clause take the event that is ignored?
    #[diagnostic::on_unimplemented(
        message = "`ignore {E}` contradicts a clause that takes `{E}`",
        label = "taken by a clause",
        note = "remove this declaration, or the clause"
    )]
    NotTaken<E>: CONTRADICTED;

    /// Does a clause lead to the `end`?
    #[diagnostic::on_unimplemented(
        message = "this flow ends with `{O}`, but no clause leads to `end`",
        label = "never returned",
        note = "add `-> end` after the stage that returns it"
    )]
    Returned<O>: DEFECT;

    /// Can the handler of a `rescue` fail?
    #[diagnostic::on_unimplemented(
        message = "this `rescue` never runs because `{H}` cannot fail: it does not return a `Result`",
        label = "cannot fail",
        note = "remove this `rescue`"
    )]
    CanFail<H>: INFALLIBLE;

    /// Has the error of the rescued handler any value?
    #[diagnostic::on_unimplemented(
        message = "this `rescue` never runs because `{H}` cannot fail: its error type has no values",
        label = "cannot fail",
        note = "remove this `rescue`"
    )]
    HasErrors<H>: NO_ERROR;

    /// Can a handler fail that has no rescue of its own?
    #[diagnostic::on_unimplemented(
        message = "this `rescue` never runs because no handler in this flow can fail without a `rescue` or an `else` of its own",
        label = "nothing to rescue",
        note = "remove it"
    )]
    SomethingFails<>: NOTHING_TO_RESCUE;

    /// Can the handler before an `else` fail?
    #[diagnostic::on_unimplemented(
        message = "this `else` never runs because `{H}` cannot fail: it does not return a `Result`",
        label = "nothing fails before it",
        note = "remove it"
    )]
    MayFail<H>: INFALLIBLE;

    /// [`MayFail`] where the `else` may be meant for events that are left over.
    #[diagnostic::on_unimplemented(
        message = "this `else` never runs because `{H}` cannot fail: remove it, or write `else -> …` with an arrow for events that are left over",
        label = "nothing fails before it"
    )]
    PartnersMayFail<H>: INFALLIBLE;

    /// Has the error of the handler before an `else` any value?
    #[diagnostic::on_unimplemented(
        message = "this `else` never runs because `{H}` cannot fail: its error type has no values",
        label = "nothing fails before it",
        note = "remove it"
    )]
    ElseHasErrors<H>: NO_ERROR;

    /// Can a handler of the chain before an `else` fail, without an `else` of its own?
    #[diagnostic::on_unimplemented(
        message = "this `else` never runs because no handler before it can fail without an `else` of its own",
        label = "nothing fails before it",
        note = "remove it"
    )]
    ChainMayFail<>: NOTHING_TO_RESCUE;

    /// Would `rescue -> …` take no error of the handler in a join or an `each`?
    #[diagnostic::on_unimplemented(
        message = "`{H}` runs beside others, which `rescue` would drop: write `{H} else stand_in`",
        label = "may fail in a join, a `first` or an `each`",
        note = "`stand_in` is a handler that returns what `{H}` returns; `skip` leaves an item of an `each` out"
    )]
    DropsNoOthers<H>: DEFECT;

    /// Does a handler take the resource or the state?
    #[diagnostic::on_unimplemented(
        message = "no handler in this flow takes `{T}`",
        label = "not taken",
        note = "add the parameter to a handler, or remove this declaration"
    )]
    TakenAsParameter<T>: DEFECT;

    /// Can the handler that is retried fail?
    #[diagnostic::on_unimplemented(
        message = "`{H}` cannot fail, so `retry` has no effect",
        label = "never repeated",
        note = "return a `Result` that may be an `Err`, add a `timeout`, or remove `retry`"
    )]
    MayBeRepeated<H>: DEFECT;
}
