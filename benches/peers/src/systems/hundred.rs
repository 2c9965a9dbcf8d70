//! Converts the tuple of a hundred results to an array.

use super::names::with_names;

macro_rules! number {
    ($name:ident) => {
        u32
    };
}

macro_rules! hundred {
    ($($name:ident)*) => {
        pub(super) type Hundred = (u32, $(number!($name)),*);

        pub(super) fn array((first, $($name),*): Hundred) -> [u32; 100] {
            [first, $($name),*]
        }
    };
}

with_names!(hundred);
