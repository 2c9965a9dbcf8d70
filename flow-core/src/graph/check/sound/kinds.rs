//! The kinds of findings.

/// The clause does not have a finding. The other kinds count from 1.
pub const PROVED: u8 = 0;
/// At a handler: it may emit nothing that leads on, and something else that it emits would.
pub const MAY_STOP_SHORT: u8 = 1;
/// At a handler: its context leaves it, so it may emit anything and stop the execution.
pub const UNKNOWN: u8 = 2;
/// At a handler: nothing that it emits leads on, and nothing comes after it.
pub const DEAD_END: u8 = 3;
/// At a clause: it leads only to clauses that lead back to it.
pub const LOOP: u8 = 4;
/// At a handler: it may stop the execution.
pub const STOPS: u8 = 5;
/// At a stage that is a flow: it is not proved itself.
pub const STAGE: u8 = 6;
/// At a clause: an arm, or the clause itself, ends without a handler that could lead on.
pub const ENDS_HERE: u8 = 7;
/// At a clause that waits for several events: it is not certain that all of them come.
pub const UNPAIRED: u8 = 8;
/// At a handler before an `emit`: what it returns may hold no event that leads on.
pub const RETURNS_SHORT: u8 = 9;
/// At a handler: a path after it ends in `ignore`.
pub const IGNORED: u8 = 10;

/// At a handler: it does not emit as many of an event on each path, and partners may wait for it.
pub const LEAVES_OVER: u8 = 11;
/// At a clause that pairs events in the order of arrival: several pairs may be under way.
pub const MIXED_UP: u8 = 12;
/// At a handler: it reads a state, waits, and writes it back, and another call may do so meanwhile.
pub const LOSES_UPDATE: u8 = 13;
/// At a clause: once it has begun, the flow goes on for ever after its `end`.
pub const GOES_ON: u8 = 14;
/// At a handler: a macro in it may return before what it emits.
pub const MAY_RETURN: u8 = 15;
/// At a handler: it passes its context to a macro.
pub const GIVES_AWAY: u8 = 16;
/// At a handler: it has too many ways to go, and the number of an event varies.
pub const TOO_WIDE: u8 = 17;
/// The same, where the number has no bound.
pub const UNBOUNDED: u8 = 18;
