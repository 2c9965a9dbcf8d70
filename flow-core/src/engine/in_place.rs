//! A shared value that is made in its place.
//!
//! [`Arc::new`] makes the value on the stack, and then copies it. The shared part of an execution has
//! 400 bytes, of which most are zero.
#![allow(
    unsafe_code,
    reason = "the copy took 12 of the 73 ns of a short execution"
)]

use std::mem::MaybeUninit;
use std::sync::Arc;

/// The place of a value.
pub(super) struct Place<T>(Arc<MaybeUninit<T>>);

#[allow(
    clippy::inline_always,
    reason = "the value would be made elsewhere after all"
)]
impl<T> Place<T> {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self(Arc::new(MaybeUninit::uninit()))
    }

    #[inline(always)]
    pub(super) fn fill(self, value: T) -> Arc<T> {
        let pointer = Arc::as_ptr(&self.0).cast_mut().cast::<T>();
        // SAFETY: the place has room for a `T`, and nothing else refers to it. The pointer may
        // write, because `as_ptr` does not make it from a reference. After the write, the value is
        // there.
        unsafe {
            pointer.write(value);
            self.0.assume_init()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Place;

    #[test]
    fn the_value_is_the_one_that_was_made_and_is_dropped_once() {
        let inner = Arc::new(1);
        let outer = Place::new().fill((Arc::clone(&inner), [7_u8; 100]));
        let other = Arc::clone(&outer);
        assert_eq!((*other.0, other.1[99]), (1, 7));
        assert_eq!(Arc::strong_count(&inner), 2);
        drop(outer);
        drop(other);
        assert_eq!(Arc::strong_count(&inner), 1);
    }

    #[test]
    fn no_value_is_dropped_in_a_place_that_was_not_filled() {
        struct Never;
        impl Drop for Never {
            fn drop(&mut self) {
                panic!("there is no value");
            }
        }
        drop(Place::<Never>::new());
    }
}
