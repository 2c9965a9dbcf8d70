//! A facade of flow-core, which knows the crate only as `renamed`: `::flow_core` does not exist
//! here.
//!
//! Everything that the macros can generate is in `tests`.

/// What users of the facade import.
pub mod prelude {
    pub use renamed::{Cx, Event, flow, handler};
}

/// The crate behind the facade.
pub use renamed as flow_core;

/// A handler in another crate, which knows neither `flow_core` nor this facade by a certain name.
#[macro_export]
macro_rules! says {
    ($name:ident, $words:expr) => {
        #[$crate::flow_core::handler(crate = $crate::flow_core)]
        async fn $name(cx: &$crate::flow_core::Cx) {
            cx.put($words).await;
        }
    };
}

#[cfg(test)]
mod tests;
