//! The systems, one in each file. Every case is written as the documentation of the system advises.

mod awaits;
mod by_hand;
mod dfir;
mod dfir_async;
mod flow;
mod floxide;
mod graph_flow;
mod hundred;
mod kameo;
mod kind;
mod names;
mod ractor;

use crate::system::System;

pub(crate) fn all() -> Vec<System> {
    vec![
        flow::system(),
        dfir::system(),
        dfir_async::system(),
        ractor::system(),
        graph_flow::system(),
        kameo::system(),
        floxide::system(),
        by_hand::system(),
        awaits::system(),
    ]
}
