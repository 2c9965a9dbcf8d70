//! The limits that a flow can replace when it runs: questions about what the source declares.

/// Has the attribute of the handler a `timeout`?
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `timeout` to replace: add one to its `#[handler]`",
    label = "has no `timeout`"
)]
pub trait HasTimeout {}

/// Has the attribute of the handler a `retry`?
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `retry` to replace: add one to its `#[handler]`",
    label = "has no `retry`"
)]
pub trait HasRetry {}

/// Has the attribute of the handler a `concurrency`, which is not shared by all flows?
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `concurrency` of its own to replace: add one to its `#[handler]`, without `shared`",
    label = "has no `concurrency` of its own",
    note = "one flow cannot replace a limit that all flows share"
)]
pub trait HasConcurrency {}

/// Has the flow a `finally`?
#[diagnostic::on_unimplemented(
    message = "this flow has no `finally` to limit: add `finally within \"30s\" -> handler` to it",
    label = "has no `finally`"
)]
pub trait HasFinally {}

/// Has the flow a clause that limits the attempts of all its handlers?
#[diagnostic::on_unimplemented(
    message = "this flow has no `concurrency` to replace: add `concurrency 8;` to it",
    label = "has no `concurrency`"
)]
pub trait HasTotalConcurrency {}
