//! The names that the generated code uses. They are not public API and may change in any release.

pub use std::boxed::Box;
pub use std::string::String;
pub use std::vec::Vec;

#[cfg(feature = "macros")]
pub use flow_macros::{document_flow, document_handler};

/// What only documentation names.
pub mod documented {
    pub use crate::macro_support::documented::Cx;
}

pub use crate::__for_editors as for_editors;
pub use crate::error::HandlerError;
pub use crate::event::{AnswerOf, NoAnswer};
pub use crate::failed::{CauseSpec, WithCause, WithoutCause};
pub use crate::graph::check::sound;
pub use crate::graph::check::{
    Analysis, Overlong, called_again_without_key, dead_wait, exceeds_timeout, excluded_partners,
    infallible_rescue, needless_else, never_over, opened_late, output_without_end,
    reminds_beyond_within, repeated_without_key, rescued_beside_others, ticks_beyond_timeout,
    unfit_opener, unhandled_emit, unhandled_event, unhandled_events, unused_external,
    unused_ignore, unused_type, waits_beyond_timeout,
};
#[cfg(feature = "durable")]
pub use crate::graph::check::{endless_line, serialised, unrecorded};
pub use crate::graph::held::{Alternatives, Held, HeldEvents};
pub use crate::graph::{
    Alternative, ArmDesc, Count, EventDesc, GraphDesc, HandlerDesc, Location, Shape, StageDesc,
    TriggerDesc,
};
pub use crate::handler::{BoxedInput, NoItems, boxed_input};
pub use crate::macro_support::around::in_clause;
pub use crate::macro_support::ask::Ask;
pub use crate::macro_support::bounds::{
    Accepts, Allow, AnswerTo, Asks, AsksItself, AsksQuestion, BringsAlike, BringsNothing,
    CloneForEach, CloneForStage, CloneToAsk, DefaultState, Ends, EndsAlike, EventOf, External,
    HasResource, HasSnapshot, HasState, InputOf, Itself, MakesState, MayBeDropped, MayBeLost,
    Needs, NothingToTake, OfArm, OfClosure, On, Passed, PassesOn, RunsHere, RunsIn, ShowsState,
    SkippedValue, StandsIn, StreamsItem, StreamsQuestion, Takes, TakesFrom, TakesOfArm,
    TakesOfClosure, arm_arrives, arrives, closure_arrives, may_be_dropped,
};
pub use crate::macro_support::bundles::{Bundle, BundleActivation, Vacant};
pub use crate::macro_support::call::{
    branch_call, call, call_in_turn, run_emitting, run_emitting_in_turn, run_single,
    run_single_in_turn, single_branch_call,
};
pub use crate::macro_support::copies::{Copies, NotClone};
pub use crate::macro_support::defects::{
    ActsWithKey, AllHeard, AskedSomewhere, CalledOnce, CanFail, ChainMayFail, Defect,
    DrainsAfterAnEnd, DropsNoOthers, ElseHasErrors, EmitsAt, Emitted, EmittedInBody,
    EndsWithTheFlow, EventAt, EventsAt, ExternalOnce, GivenOnce, HasErrors, Heard, HeardHere,
    IgnoredEmitted, IgnoredOnce, KeptOnce, MayBeRepeated, MayFail, MayMeet, Meant, MeetInOneAnswer,
    MeetInOneArm, MeetInOneOutcome, NotIgnored, NotTaken, PartnersMayFail, Picks, Reached,
    RetriesWithKey, Returned, ReturnsAtTheEnd, RunsOnce, RunsOnceAPeriod, SomethingFails,
    SpelledAlike, Taken, TakenAsParameter, Yields,
};
pub use crate::macro_support::dispatch::{
    Dispatch, apply, converted, converted_answer, ignore, input, output, take, unexpected, wait_ids,
};
#[cfg(feature = "durable")]
pub use crate::macro_support::durable::arriving::ErrorOf;
#[cfg(feature = "durable")]
pub use crate::macro_support::durable::bounds::{
    AnswerIsRecorded, CauseIsRecorded, EmitsAndEnds, ErrorIsRecorded, HasNoFinally, IsDurable,
    IsRecorded, NotBoxed, NotInOrder, NotIterable, NotRecorded, OwnsItsData, Part, RunsSideBySide,
    TakesInOrder, TakesNothingExternal, ValueIsRecorded, Whole, is_never,
};
#[cfg(feature = "durable")]
pub use crate::macro_support::durable::call::{
    Begun, CallSite, begin as begin_call, end as end_call, recorded_call, run as run_call,
    run_in_turn as run_call_in_turn,
};
#[cfg(feature = "durable")]
pub use crate::macro_support::durable::codec::{
    AskedFor, CodecError, ErrorCodec, ErrorProbe, NoCodec, NoErrorCodec, Owns, StateCodec,
    ValueCodec, copy_state, no_clause, read_state, write_state,
};
#[cfg(feature = "durable")]
pub use crate::macro_support::durable::elements::{
    NoElements, recorded_elements, recorded_elements_of,
};
#[cfg(feature = "durable")]
pub use crate::macro_support::durable::outside::{
    AskedBefore, ExternalCodec, OfEvent, OfQuestion, QuestionCodec,
};
#[cfg(feature = "durable")]
pub use crate::macro_support::durable::path::{CallPath, ClausePath, ItemNumbers, Place};
#[cfg(feature = "durable")]
pub use crate::macro_support::durable::payload::{
    failed_from_bytes, failed_to_bytes, reminded_from_bytes, reminded_to_bytes,
};
#[cfg(feature = "durable")]
pub use crate::macro_support::durable::question::recorded_ask;
#[cfg(feature = "durable")]
pub use crate::macro_support::durable::returned::CallCodec;
pub use crate::macro_support::durations::{
    AnsweredInTime, AttemptsAboveOne, BackoffAboveZero, BackoffBelowMax, BusyInTime,
    ConcurrencyAboveZero, CountAboveOne, DrainAboveZero, EachAboveZero, EveryAboveZero,
    FinallyAboveZero, FlowConcurrencyAboveZero, HandlerTimeoutAboveZero, IdleTimeoutAboveZero,
    MaxAboveZero, MaxEventsAboveZero, MaxPendingAboveZero, OnceInTime, ReminderAboveZero,
    RemindsInTime, RepeatedBeforeTheEnd, RepeatedInTime, SharedConcurrencyAboveZero,
    StageAnsweredInTime, TicksInTime, TimeoutAboveZero, Unit, WithinAboveZero,
};
pub use crate::macro_support::each::{each, each_kept};
pub use crate::macro_support::editor::{AHandler, AnEvent, Expected};
pub use crate::macro_support::emit::{
    ArrivingEvents, Emitted as EmittedEvents, Emitting, HeldAt, NotEmitted, ReturnsEvents,
    ShownEvents, all_heard, any, held_by, item_of, shown, vec_of,
};
pub use crate::macro_support::every::Ticking;
pub use crate::macro_support::fallback::{Fallback, forever};
pub use crate::macro_support::first::{Rivals, poll_leaving, poll_rival};
#[cfg(feature = "durable")]
pub use crate::macro_support::graph::GraphCodec;
pub use crate::macro_support::graph::{
    Entrance, Every, Graph, Halt, NO_HANDLER, Reminder, Same, Stopped, Worker,
};
pub use crate::macro_support::handlers::{HandlerTable, Never};
pub use crate::macro_support::iterate::Iterable;
pub use crate::macro_support::join::{boxed, branch, poll_branch, value_of};
pub use crate::macro_support::keyed::{
    Field, Key, Keyed, KeyedQueue, NoKey, SameKey, is_key, same_key,
};
pub use crate::macro_support::limits::{
    CloneFailedForRetry, CloneForRetry, FromTimedOut, KeptForRetry, Pauses, Permits, SharedPermits,
    in_turn, in_turn_of_all, kept, retry, timed_out, within,
};
pub use crate::macro_support::named::{counts, event_of, never_made, unemitted};
pub use crate::macro_support::opening::{
    IsNoFlow, OpenedBefore, Opener, Opens, OpensAnother, OpensFromNothing, OpensQuietly,
    OpensSilently, UnfitOpener, resource, run_opening,
};
#[cfg(feature = "durable")]
pub use crate::macro_support::pairs::LastMatched;
pub use crate::macro_support::pairs::{LeftOver, PairQueue};
pub use crate::macro_support::parameter::{
    Borrowed, Cause, Context, IsPlain, IsValue, MadeOf, OneValue, Owned, Parameter,
    converted_if_taken, nothing,
};
pub use crate::macro_support::probe::{
    ByReference, ByValue, Differs, Distinct, HasParameter, Infallible, NoParameter, Outcome, Pair,
    Parameters, Probe, View,
};
pub use crate::macro_support::proofs::{
    AskedOfClause, AskedOfEvent, AskedOfGroup, AskedOfHandler, AskedOfPartners, BelongsTogether,
    CallsAt, ComesToRest, Continues, Divides, FindingAt, Found, GoesOn, HasFewBoundedWays,
    HasFewWays, IsFollowed, IsNotIgnored, IsSound, KeepsItsContext, KeepsItsContextHere,
    KeepsUpdates, LeadsOn, LeadsOut, LeavesNothingOver, Meets, NeverStops, Nothing,
    ReturnsWhatLeadsOn, Something, WritesBackAt,
};
pub use crate::macro_support::recorder::Recorder;
pub use crate::macro_support::reminder::{
    GivesBoth, GivesNothingElse, GivesQuestion, GivesTick, RemindsOf, Takers, begin_reminder,
    reminds,
};
pub use crate::macro_support::reminding::{Reminded, Reminding};
pub use crate::macro_support::replaceable::{
    HasConcurrency, HasFinally, HasRetry, HasTimeout, HasTotalConcurrency,
};
pub use crate::macro_support::rescue::{CaptureCause, StageCause, TakenError, closure_cause};
pub use crate::macro_support::resources::{Complete, Missing, Present, Slot, declared_object};
pub use crate::macro_support::split::{AskPlace, Parked, Pause, Split};
pub use crate::macro_support::type_map::TypeMap;
pub use crate::macro_support::window::{window, window_kept};
pub use crate::run::flow::Flow;
pub use crate::run::subflow::{is_given_up, run_within};
