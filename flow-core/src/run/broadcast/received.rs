//! The items of a reader, and their positions.

use std::fmt;
use std::str::FromStr;

use crate::error::ParseNumberError;

/// An item of a [`Reader`](crate::Reader), or the number of items that it missed.
///
/// The enum is exhaustive on purpose: if readers could ever miss items in another way, code that
/// reads should not compile until it handles that.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Received<T> {
    /// The reader received an item.
    Item {
        /// The position of the item, from which
        /// [`subscribe_after`](crate::Broadcast::subscribe_after) resumes.
        position: ItemPosition,
        /// The item itself.
        item: T,
    },
    /// The reader missed this many items, because it was too slow, or joined after the replay had
    /// dropped them. It continues with the item after them.
    Lagged(u64),
}

impl<T> Received<T> {
    /// Returns the item, for a reader that ignores missed ones.
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

/// The position of an item in its execution: the number of items before it.
///
/// It can be stored as text (or with `serde`) and parsed again, for instance as the `Last-Event-ID`
/// of server-sent events.
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

    /// Creates the position that follows `items` items.
    #[must_use]
    pub const fn new(items: u64) -> Self {
        Self(items)
    }

    /// Returns the number of items before it.
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
