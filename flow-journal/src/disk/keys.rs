//! How executions and their rows are written as keys of the database, so that its order is that of
//! the flows, the ids and the rows.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flow_core::durable::ExecutionName;

/// Ends a part of a key, with an [`ENDED`] behind it. It is before all other bytes.
const END: u8 = 0;

const ENDED: u8 = 1;

/// Follows an [`END`] that is in a part. It is in no UTF-8, and no part begins with it.
const ESCAPED: u8 = 0xff;

/// The keys of all executions of a flow begin with this.
pub(super) fn flow(name: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(name.len() + 2);
    push(&mut key, name);
    key
}

/// The key of an execution, with which those of its rows begin.
pub(super) fn execution(name: &ExecutionName) -> Vec<u8> {
    let mut key = flow(name.flow());
    push(&mut key, name.id());
    key
}

/// The key of a row.
pub(super) fn row(execution: &[u8], row: &str) -> Vec<u8> {
    [execution, row.as_bytes()].concat()
}

fn push(key: &mut Vec<u8>, part: &str) {
    for byte in part.bytes() {
        key.push(byte);
        if byte == END {
            key.push(ESCAPED);
        }
    }
    key.extend([END, ENDED]);
}

/// The id in the key of an execution of the flow with this prefix.
pub(super) fn id(key: &[u8], flow: &[u8]) -> Option<String> {
    let mut id = Vec::new();
    let mut rest = key.strip_prefix(flow)?;
    loop {
        match rest {
            [END, ESCAPED, after @ ..] => {
                id.push(END);
                rest = after;
            }
            [END, ENDED] => return String::from_utf8(id).ok(),
            [byte, after @ ..] => {
                id.push(*byte);
                rest = after;
            }
            [] => return None,
        }
    }
}

/// The least key that is greater than all that begin with this, if there is one.
pub(super) fn after(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut after = prefix.to_vec();
    while let Some(last) = after.pop() {
        if let Some(next) = last.checked_add(1) {
            after.push(next);
            return Some(after);
        }
    }
    None
}

/// Milliseconds since 1970.
pub(super) fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The key under which an execution is found that has come to its end, or was purged, at this time.
pub(super) fn at(millis: u64, execution: &[u8]) -> Vec<u8> {
    [&millis.to_be_bytes(), execution].concat()
}

/// The time and the execution of a key made by [`at`].
pub(super) fn read_at(key: &[u8]) -> Option<(u64, &[u8])> {
    let (millis, execution) = key.split_first_chunk()?;
    Some((u64::from_be_bytes(*millis), execution))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use flow_core::durable::ExecutionName;

    use super::{after, execution, flow, id};

    #[test]
    fn the_order_of_keys_is_that_of_ids() {
        let ids = [
            "",
            "\0",
            "\0\0",
            "\0a",
            "a",
            "a\0",
            "a\0b",
            "aa",
            "é",
            "\u{10ffff}",
        ];
        let keys: Vec<_> = ids
            .iter()
            .map(|id| execution(&ExecutionName::new("Order", *id)))
            .collect();
        assert!(keys.is_sorted());
        for (key, expected) in keys.iter().zip(ids) {
            assert_eq!(id(key, &flow("Order")).unwrap(), expected);
        }
    }

    #[test]
    fn no_key_of_an_execution_begins_like_one_of_another() {
        let names = [
            ("a", "b"),
            ("ab", ""),
            ("a", "b\0"),
            ("a\0b", ""),
            ("a", ""),
        ];
        let keys = names.map(|(flow, id)| execution(&ExecutionName::new(flow, id)));
        for (number, key) in keys.iter().enumerate() {
            for (other_number, other) in keys.iter().enumerate() {
                assert!(number == other_number || !key.starts_with(other));
            }
        }
    }

    #[test]
    fn the_end_of_a_prefix_is_the_next_key() {
        assert_eq!(after(b"ab").unwrap(), b"ac");
        assert_eq!(after(b"a\xff\xff").unwrap(), b"b");
        assert_eq!(after(b"\xff"), None);
        assert_eq!(after(b""), None);
    }
}
