//! The checks of handlers that act on the outside, each of which returns the kind of the defect.

use crate::graph::check::defects::NONE;
use crate::graph::desc::HandlerDesc;

/// At `effect`: the handler is retried, and takes no key.
pub(crate) const REPEATED: u8 = 1;
/// At a handler of a durable flow: it may be called again after a crash, and takes no key.
pub(crate) const CALLED_AGAIN: u8 = 2;

/// A retried handler acts on the outside without its idempotency key.
#[must_use]
pub const fn repeated_without_key(takes_key: bool) -> u8 {
    if takes_key { NONE } else { REPEATED }
}

/// A handler of a durable flow does. One that is retried is reported where it is defined.
#[must_use]
pub const fn called_again_without_key(handler: &HandlerDesc, takes_key: bool) -> u8 {
    if !handler.effect || takes_key || handler.attempts > 1 || handler.broken {
        return NONE;
    }
    CALLED_AGAIN
}

#[cfg(test)]
mod tests {
    use super::{CALLED_AGAIN, REPEATED, called_again_without_key, repeated_without_key};
    use crate::graph::check::defects::NONE;
    use crate::graph::{HandlerDesc, Location};

    #[test]
    fn only_an_effect_that_may_be_repeated_needs_a_key() {
        let plain = HandlerDesc::new("pay", "", Location::new("", 0, 0), &[], &[], true);
        let acts = plain.effect();
        assert_eq!(called_again_without_key(&plain, false), NONE);
        assert_eq!(called_again_without_key(&acts, true), NONE);
        assert_eq!(called_again_without_key(&acts, false), CALLED_AGAIN);
        assert_eq!(called_again_without_key(&acts.attempts(3), false), NONE);
        assert_eq!(repeated_without_key(true), NONE);
        assert_eq!(repeated_without_key(false), REPEATED);
    }
}
