//! Linear forms, which say how often something happens in an execution.
//!
//! A form is kept as its value where each variable has a random value, modulo a prime of 61 bits.
//! Two forms that differ have the same value with a probability of 2⁻⁶¹.

use crate::graph::check::sound::net::Net;

/// The modulus of forms.
const PRIME: u64 = (1 << 61) - 1;

impl Net<'_> {
    /// A number that nothing is known of.
    pub(super) const fn variable(&mut self) -> u64 {
        // SplitMix64, by Steele, Lea and Flood.
        self.variables = self.variables.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.variables ^ (self.variables >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % PRIME
    }
}

pub(super) const fn plus(one: u64, other: u64) -> u64 {
    (one + other) % PRIME
}

pub(super) const fn minus(one: u64, other: u64) -> u64 {
    (one + PRIME - other) % PRIME
}

#[allow(clippy::cast_possible_truncation, reason = "less than the prime")]
pub(super) const fn times_of(one: u64, other: u64) -> u64 {
    (one as u128 * (other % PRIME) as u128 % PRIME as u128) as u64
}

/// The number whose product with this one is 1, by Fermat's little theorem.
pub(super) const fn inverse(number: u64) -> u64 {
    let (mut power, mut base, mut rest) = (1, number % PRIME, PRIME - 2);
    while rest > 0 {
        if rest % 2 == 1 {
            power = times_of(power, base);
        }
        base = times_of(base, base);
        rest /= 2;
    }
    power
}

pub(super) const fn common_divisor(one: u64, other: u64) -> u64 {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}
