//! What keeps a host running.

use std::sync::Arc;

use crate::durable::host::shared::Shared;

/// Closes the host when it is dropped.
pub(super) struct Owner {
    pub(super) shared: Arc<Shared>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.close();
    }
}
