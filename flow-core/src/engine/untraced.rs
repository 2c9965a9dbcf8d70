//! What stands for `trace.rs` without the feature `tracing`: nothing.
#![allow(clippy::unused_self, reason = "the signatures are those of `trace.rs`")]

use std::fmt::Display;

use crate::engine::shared::{Ending, Shared};
use crate::engine::watch::Watch;
use crate::graph::Graph;

/// There is none.
pub(crate) enum Trace {}

impl Trace {
    pub(crate) fn end(&self, _ending: Option<&Ending>) {
        match *self {}
    }
}

/// No span.
#[derive(Debug, Default)]
pub(crate) struct Kept(());

impl Kept {
    pub(crate) fn fail(&self, _error: &dyn Display) {}

    pub(crate) fn close(self) {}
}

/// No span.
#[derive(Default)]
pub(crate) struct Current(());

impl Current {
    pub(crate) fn turn(&self, _kept: &mut Kept) -> Turn {
        Turn
    }

    pub(crate) fn resume(&self, _kept: &mut Kept) {}

    pub(crate) fn suspend(&self) -> Kept {
        Kept(())
    }

    pub(crate) fn fail(&self, _error: &dyn Display) {}

    pub(crate) fn retry(&self, _times: u32) {}
}

/// Of nothing.
pub(crate) struct Turn;

impl<G: Graph> Shared<G> {
    pub(crate) fn span(&self, _watch: &Watch) -> Kept {
        Kept(())
    }
}
