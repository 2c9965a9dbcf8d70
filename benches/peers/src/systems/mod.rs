//! The systems, a file each: every case as the system's own documentation would have it written.

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
