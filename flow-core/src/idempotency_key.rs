//! The key by which the outside recognises a call that it has seen before.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use crate::lifecycle::ExecutionId;

/// The idempotency key of a call, as a handler takes it: a text that no other call has.
///
/// A handler that acts on the outside, such as one that charges a card, passes it on, so that the
/// other side acts once even if the handler is called again. All attempts of a
/// [`retry`](macro@crate::handler) have the same key, and in a durable flow the call that is
/// repeated after a crash has that of the call before.
///
/// Declare such a handler with `effect`. Where it may be called again, with `retry` or in a durable
/// flow, it does not compile without its key.
///
/// ```
/// use flow_core::{IdempotencyKey, Res, Result, handler};
///
/// struct Bank;
///
/// impl Bank {
///     async fn charge(&self, cents: u32, key: &str) -> Result<()> {
///         # let _ = (cents, key);
///         // `POST /charges` with the header `Idempotency-Key: …`
///         Ok(())
///     }
/// }
///
/// #[handler(effect, retry(attempts = 3))]
/// async fn charge(cents: u32, key: IdempotencyKey, bank: Res<Bank>) -> Result<()> {
///     bank.charge(cents, key.as_str()).await
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// // In a unit test, any text will do.
/// charge(5, IdempotencyKey::new("a key"), Res::new(Bank)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey(Arc<str>);

impl IdempotencyKey {
    /// Creates a key, for a unit test of a handler.
    pub fn new(key: impl Into<String>) -> Self {
        let key: String = key.into();
        Self(key.into())
    }

    /// Returns the text: ASCII, without spaces, and at most 255 bytes, as a header of a request has
    /// it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// That of a call in a store: the time of its execution's begin and its incarnation, and the
    /// key of the call in it.
    #[cfg(feature = "durable")]
    pub(crate) fn of_recorded(started: u64, incarnation: u64, call: &str) -> Self {
        // FNV-1a, in 128 bits: the key may be long, and need not be ASCII.
        let hash = call.bytes().fold(
            0x6c62_272e_07bb_0142_62b8_2175_6295_c58d,
            |hash: u128, byte| {
                (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
            },
        );
        Self::new(format!("{started:x}-{incarnation:016x}-{hash:032x}"))
    }

    /// That of a call in memory. `call` is one of [`next_call`].
    pub(crate) fn of_call(execution: ExecutionId, call: u64) -> Self {
        let process = process();
        Self::new(format!("{process:032x}-{execution}-{call}"))
    }
}

/// A number that no other call in this process has.
pub(crate) fn next_call() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A number that no other process has.
fn process() -> u128 {
    static PROCESS: OnceLock<u128> = OnceLock::new();
    *PROCESS.get_or_init(|| u128::from(random()) << 64 | u128::from(random()))
}

/// A number by the operating system. Unlike that of a crate, a program cannot seed it.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IdempotencyKey").field(&self.0).finish()
    }
}

impl AsRef<str> for IdempotencyKey {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for IdempotencyKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{IdempotencyKey, next_call};
    use crate::lifecycle::ExecutionId;

    #[test]
    fn a_call_has_a_key_of_its_own_which_stays_the_same() {
        let execution = ExecutionId::next();
        let (one, other) = (next_call(), next_call());
        let key = IdempotencyKey::of_call(execution, one);
        assert_eq!(key, IdempotencyKey::of_call(execution, one));
        assert_ne!(key, IdempotencyKey::of_call(execution, other));
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        assert!(key.as_str().chars().all(plain), "{key}");
        assert!(key.as_str().len() < 255);
    }

    #[cfg(feature = "macros")]
    mod in_flows {
        #![allow(
            clippy::unwrap_used,
            clippy::unused_async,
            reason = "a test fails by panicking"
        )]

        use std::sync::{Arc, Mutex};

        use crate::{Cx, Event, IdempotencyKey, Res, Result, flow, handler};

        #[derive(Clone, Event)]
        struct Order(u32);

        /// The orders and attempts that it has seen, with their keys.
        #[derive(Default)]
        struct Bank(Mutex<Vec<(u32, u32, IdempotencyKey)>>);

        #[handler(emits = Order)]
        async fn begin(cx: &Cx) {
            cx.emit(Order(0));
            cx.emit(Order(1));
        }

        #[handler(effect, retry(attempts = 3, backoff = "1ms"))]
        async fn charge(
            order: Order,
            key: IdempotencyKey,
            bank: Res<Bank>,
            cx: &Cx,
        ) -> Result<u32> {
            bank.0.lock().unwrap().push((order.0, cx.attempt(), key));
            tokio::task::yield_now().await;
            if cx.attempt() < 3 {
                return Err("the line is busy".into());
            }
            Ok(order.0)
        }

        #[handler(effect)]
        async fn ship(order: u32, key: IdempotencyKey, bank: Res<Bank>) {
            bank.0.lock().unwrap().push((order, 0, key));
        }

        #[tokio::test(start_paused = true)]
        async fn all_attempts_of_a_call_have_one_key_and_each_call_its_own() {
            let bank = Arc::new(Bank::default());
            let flow = flow! {
                with Bank;
                start -> begin;
                when Order -> charge -> ship
            };
            let flow = flow.with_arc(Arc::clone(&bank));
            flow.run(()).await.unwrap();
            flow.run(()).await.unwrap();
            let seen = bank.0.lock().unwrap();
            let mut keys: Vec<_> = seen.iter().map(|(_, _, key)| key).collect();
            keys.sort_unstable();
            keys.dedup();
            // Two executions, two orders, and the calls of both handlers.
            assert_eq!((seen.len(), keys.len()), (2 * 2 * 4, 2 * 2 * 2));
            for key in keys {
                let calls = seen.iter().filter(|(_, _, of)| of == key);
                let calls: Vec<_> = calls
                    .map(|(order, attempt, _)| (*order, *attempt))
                    .collect();
                let of = |order: u32| [(order, 1), (order, 2), (order, 3)];
                let is_one_call = matches!(*calls, [(_, 0)]) || calls == of(0) || calls == of(1);
                assert!(is_one_call, "{calls:?}");
            }
        }
    }
}
