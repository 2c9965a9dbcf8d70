//! What a reader receives.

use std::fmt;
use std::str::FromStr;

use crate::error::ParseNumberError;

/// What a [`Reader`](crate::Reader) yields.
///
/// It is exhaustive on purpose: if a reader could miss something in another way one day, code that reads
/// should not compile until it deals with that.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Received<T> {
    /// An item.
    Item {
        /// Its position, from which [`subscribe_after`](crate::Broadcast::subscribe_after) resumes.
        position: ItemPosition,
        /// The item itself.
        item: T,
    },
    /// The reader missed this many items, because it was too slow or because it joined too late for the
    /// replay to have them. It continues after them.
    Lagged(u64),
}

impl<T> Received<T> {
    /// The item, for a reader that does not care about missed ones.
    ///
    /// ```
    /// # use flow_core::{ItemPosition, Received};
    /// let item = Received::Item { position: ItemPosition::START, item: "x" };
    /// assert_eq!(item.into_item(), Some("x"));
    /// assert_eq!(Received::<&str>::Lagged(2).into_item(), None);
    /// ```
    #[must_use]
    pub fn into_item(self) -> Option<T> {
        match self {
            Self::Item { item, .. } => Some(item),
            Self::Lagged(_) => None,
        }
    }
}

/// The position of an item in an execution: how many items came before it.
///
/// It can be written as text and read back, for example as the `Last-Event-ID` of server-sent events.
///
/// ```
/// use flow_core::ItemPosition;
///
/// let third: ItemPosition = "2".parse()?;
/// assert_eq!(third.get(), 2);
/// assert!(third > ItemPosition::START);
/// # Ok::<(), flow_core::ParseNumberError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub struct ItemPosition(u64);

impl ItemPosition {
    /// The position of the first item.
    pub const START: Self = Self(0);

    /// The position after `items` items.
    #[must_use]
    pub const fn new(items: u64) -> Self {
        Self(items)
    }

    /// How many items came before it.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for ItemPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for ItemPosition {
    type Err = ParseNumberError;

    fn from_str(text: &str) -> Result<Self, ParseNumberError> {
        text.parse().map(Self).map_err(ParseNumberError::new)
    }
}
