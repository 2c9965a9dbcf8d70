//! Updates of a state that another call may undo: what the body reads in one `with`, and assigns in
//! another after an `.await`.
//!
//! Only what is certain counts. What is written covers all that was read, and the assignment depends
//! on what was read, not on what the state is then: `|n| *n = old + 1`, but not `|n| *n += old`, and
//! not `|n| if *n == old { *n = new }`. A method such as `push` or `insert` is no assignment.

mod assigned;
mod reads;
#[cfg(test)]
mod tests;
mod walk;

use syn::{Block, FnArg, Pat, Type};

use crate::handler::check::wrapped;
use crate::handler::parse::Function;
use crate::handler::updates::walk::Walk;

/// The types of the states that the function reads and writes back.
pub(super) fn written_back(function: &Function) -> Vec<&Type> {
    let states: Vec<_> = function.sig.inputs.iter().filter_map(state).collect();
    if states.is_empty() {
        return Vec::new();
    }
    let Ok(body) = syn::parse2::<Block>(function.body.clone()) else {
        return Vec::new();
    };
    let names = states.iter().map(|(name, _)| name.clone()).collect();
    let lost = Walk::new(names).body(&body);
    let states = states.into_iter().zip(lost);
    states
        .filter(|(_, lost)| *lost)
        .map(|((_, ty), _)| ty)
        .collect()
}

/// The name of a parameter of type `State<T>`, and `T`.
fn state(input: &FnArg) -> Option<(String, &Type)> {
    let FnArg::Typed(typed) = input else {
        return None;
    };
    let Pat::Ident(name) = &*typed.pat else {
        return None;
    };
    Some((name.ident.to_string(), wrapped("State", &typed.ty)?))
}
