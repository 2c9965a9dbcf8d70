//! What the examples share, and what is not about flows: a chat with a model ([`Llm`]), a small
//! offline model ([`OfflineModel`]) so that every example runs without a server and a key, the
//! lines that a person types ([`Terminal`]), and how a program ends ([`exit`](exit())).

mod exit;
pub mod llm;
pub mod offline;
pub mod terminal;

pub use exit::exit;
pub use llm::{Llm, LlmError, Reply};
pub use offline::OfflineModel;
pub use terminal::Terminal;
