//! The rows of an execution in the state of its object.
//!
//! A command of an invocation costs more than the bytes in it. So few rows are written all
//! together, and many are in buckets, of which those are written that have changed. What only the
//! invocation knows that makes the steps is not written after each of them: the server has recorded
//! the steps.

use std::collections::BTreeSet;

use flow_core::durable::backend::keys;
use flow_core::durable::{Bytes, Change, Commit, Rows};

use crate::sdk::{Ctx, Stop};
use crate::wire;

/// How many buckets there are, once there are any.
const BUCKETS: u64 = 32;

/// How many bytes are written together.
const TOGETHER: usize = 4096;

/// The key of all rows, while they are written together.
const ALL: &str = "rows";

/// The rows of an execution without its items, and of these the key of the last one.
pub(crate) struct Kept {
    rows: Rows,
    last_item: Option<String>,
    is_split: bool,
    /// The buckets with rows that have changed and are not written.
    changed: BTreeSet<u64>,
}

/// The items of a commit, and the number of the first one.
pub(crate) struct Items {
    pub(crate) first: u64,
    pub(crate) items: Vec<Bytes>,
}

impl Kept {
    pub(crate) async fn load(ctx: &Ctx) -> Result<Self, Stop> {
        let mut buckets = Vec::new();
        let mut is_split = false;
        for key in ctx.keys().await? {
            if is_bucket(&key)
                && let Some(bucket) = ctx.get_as::<Vec<(String, Bytes)>>(&key).await?
            {
                buckets.extend(bucket);
                is_split |= key != ALL;
            }
        }
        let rows = buckets.into_iter().map(|(key, Bytes(value))| (key, value));
        let rows: Rows = rows.collect();
        let last_item = rows.range(keys::ITEMS, None, 1, true);
        let last_item = last_item.iter().next().map(|(key, _)| key.to_owned());
        Ok(Self {
            rows,
            last_item,
            is_split,
            changed: BTreeSet::new(),
        })
    }

    pub(crate) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// How many items there are.
    pub(crate) fn items(&self) -> u64 {
        let last = self.last_item.as_deref().and_then(keys::number);
        last.map_or(0, |last| last + 1)
    }

    /// Makes the changes, which are not written yet. Returns the items, which are not kept.
    pub(crate) fn apply(&mut self, commit: &Commit) -> Items {
        let mut items = Vec::new();
        let mut first = 0;
        let mut changes = Vec::new();
        for change in commit.changes() {
            match change {
                Change::Put(key, value) if key.starts_with(keys::ITEMS) => {
                    if items.is_empty() {
                        first = keys::number(key).unwrap_or_default();
                    }
                    items.push(Bytes(value.clone()));
                    if let Some(last) = self.last_item.replace(key.clone()) {
                        self.changed.insert(bucket_of(&last));
                        changes.push(Change::Delete(last));
                    }
                    self.changed.insert(bucket_of(key));
                    changes.push(Change::Put(key.clone(), Vec::new()));
                    continue;
                }
                Change::Put(key, _) | Change::Delete(key) => {
                    self.changed.insert(bucket_of(key));
                }
                Change::DeleteAll(prefix) => {
                    let gone = self.rows.range(prefix, None, usize::MAX, false);
                    self.changed
                        .extend(gone.iter().map(|(key, _)| bucket_of(key)));
                }
            }
            changes.push(change.clone());
        }
        self.rows.apply(Commit::from(changes));
        Items { first, items }
    }

    /// Writes what has changed.
    pub(crate) fn write(&mut self, ctx: &Ctx) -> Result<(), Stop> {
        let mut changed = std::mem::take(&mut self.changed);
        if changed.is_empty() {
            return Ok(());
        }
        if !self.is_split {
            let all = self.written(|_| true)?;
            if all.len() <= TOGETHER {
                ctx.set(ALL, all);
                return Ok(());
            }
            self.is_split = true;
            ctx.clear(ALL);
            changed = (0..BUCKETS).collect();
        }
        for bucket in changed {
            let rows = self.written(|key| bucket_of(key) == bucket)?;
            ctx.set(&bucket_key(bucket), rows);
        }
        Ok(())
    }

    /// These rows, as they are written.
    fn written(&self, which: impl Fn(&str) -> bool) -> Result<Vec<u8>, Stop> {
        let rows = self.rows.iter().filter(|(key, _)| which(key));
        let rows = rows.map(|(key, value)| (key, Bytes(value.to_vec())));
        Ok(wire::write(&rows.collect::<Vec<_>>())?)
    }
}

fn is_bucket(key: &str) -> bool {
    key == ALL || key.starts_with("rows/")
}

fn bucket_key(bucket: u64) -> String {
    format!("rows/{bucket:02}")
}

/// The hash is part of what is kept: FNV-1a, with 64 bits.
fn bucket_of(key: &str) -> u64 {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash % BUCKETS
}
