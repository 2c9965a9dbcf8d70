//! What is missing for a proof, and where.

use crate::graph::check::sound::kinds::{
    GIVES_AWAY, LOSES_UPDATE, MAY_RETURN, MAY_STOP_SHORT, PROVED, TOO_WIDE, UNBOUNDED, UNKNOWN,
};
use crate::graph::desc::HandlerDesc;
use crate::graph::shape::{Alternative, range};

/// Something that is missing for a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// [`PROVED`] if nothing is missing.
    pub kind: u8,
    pub clause: usize,
    /// The handler's index in the clause; [`Finding::CLAUSE`] for the clause itself.
    pub handler: usize,
    /// The index of the alternative, among those of a success.
    pub alternative: usize,
    /// The number of the handler's event that would lead on, counted from 1; 0 if there is none.
    pub event: u8,
    /// The number of the state that it writes back, counted from 1; 0 if there is none.
    pub state: u8,
    /// The line of the path that emits nothing which leads on, or of the macro.
    pub line: u32,
    /// The number of the macro that may return or is given the context, counted from 1; 0 if there
    /// is none.
    pub called: u8,
    /// How many of the event a call of the handler emits, if that is all that is known.
    pub least: u32,
    pub most: u32,
}

impl Finding {
    /// The finding is at no handler.
    pub const CLAUSE: usize = usize::MAX;

    pub const NONE: Self = Self::at(0, PROVED);

    pub(super) const fn at(clause: usize, kind: u8) -> Self {
        Self {
            kind,
            clause,
            handler: Self::CLAUSE,
            alternative: 0,
            event: 0,
            state: 0,
            line: 0,
            called: 0,
            least: 0,
            most: 0,
        }
    }

    /// The number of the macro or of the state that it is about; 0 if there is none.
    #[must_use]
    pub const fn part(&self) -> u8 {
        match self.kind {
            LOSES_UPDATE => self.state,
            _ => self.called,
        }
    }

    /// The line, or how many of the event a call emits at least.
    pub(super) const fn from(&self) -> u32 {
        match self.kind {
            TOO_WIDE | UNBOUNDED => self.least,
            _ => self.line,
        }
    }

    /// It is a handler's that does not emit on one path what it emits on another.
    pub(super) const fn is_of_a_path(&self) -> bool {
        matches!(
            self.kind,
            MAY_STOP_SHORT | MAY_RETURN | TOO_WIDE | UNBOUNDED
        )
    }

    /// The context leaves the handler.
    pub(super) const fn unknown(clause: usize, handler: &HandlerDesc) -> Self {
        let (line, called) = handler.shape.escapes;
        Self {
            called,
            line: if line > 0 {
                line
            } else {
                handler.location.line
            },
            ..Self::at(clause, if called > 0 { GIVES_AWAY } else { UNKNOWN })
        }
    }

    /// The same, with why this one of all alternatives is there, if that is known.
    pub(super) const fn of(mut self, alternative: &Alternative, all: &[Alternative]) -> Self {
        if alternative.wide && self.event > 0 {
            let count = range(all, self.event as usize - 1);
            self.least = count.least;
            (self.kind, self.most) = match count.most {
                Some(most) => (TOO_WIDE, most),
                None => (UNBOUNDED, 0),
            };
        } else if alternative.left_by > 0 {
            self.kind = MAY_RETURN;
            self.called = alternative.left_by;
        }
        self
    }
}

/// Whether a call may go any way, because the context leaves the handler.
pub(super) const fn is_unknown(handler: &HandlerDesc) -> bool {
    let shape = &handler.shape;
    match shape.success.split_first() {
        Some((only, others)) => {
            others.is_empty()
                && only.emits.is_empty()
                && only.stops
                && only.waits
                && shape.calls
                && shape.leaves
        }
        None => false,
    }
}
