//! The SDK of Restate, as far as this crate needs it. Nothing else in the crate names it.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use restate_sdk::context::macro_support::SealedDurableFuture;
use restate_sdk::context::{RequestTarget, RunFuture};
use restate_sdk::discovery;
use restate_sdk::endpoint::{ContextInternal, Endpoint, Error};
use restate_sdk::errors::{HandlerError, TerminalError};
use restate_sdk::hyper::HyperEndpoint;
use restate_sdk::service::Service;
use restate_sdk::service::macro_support::{ServiceBoxFuture, service_definition};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::wire;

/// Why a handler does not go on.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The invocation was cancelled through the server.
    Cancelled(TerminalError),
    /// The server tries once more.
    Retry(String),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled(error) => fmt::Display::fmt(error, f),
            Self::Retry(why) => f.write_str(why),
        }
    }
}

impl From<TerminalError> for Stop {
    fn from(error: TerminalError) -> Self {
        Self::Cancelled(error)
    }
}

impl From<flow_core::durable::codec::CodecError> for Stop {
    fn from(error: flow_core::durable::codec::CodecError) -> Self {
        Self::Retry(error.to_string())
    }
}

/// A handler of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HandlerSpec {
    pub(crate) name: &'static str,
    /// It runs beside others of the same key, and only reads the state.
    pub(crate) is_shared: bool,
    /// Only other handlers call it.
    pub(crate) is_private: bool,
}

/// A virtual object.
pub(crate) trait Object: Send + Sync + 'static {
    fn handlers(&self) -> &'static [HandlerSpec];

    fn call(
        self: Arc<Self>,
        handler: &str,
        ctx: Ctx,
        input: Vec<u8>,
    ) -> BoxFuture<'static, Result<Vec<u8>, Stop>>;
}

/// How the server treats the handlers of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Treatment {
    /// Whether a handler asks for each row of the state, instead of getting all.
    pub(crate) is_lazy: bool,
    /// How long a handler may wait for the server before it is suspended. It must not be, while it
    /// runs calls.
    pub(crate) suspend_after: Duration,
    /// How long a handler may do nothing that the server sees before it is given up.
    pub(crate) longest: Duration,
    pub(crate) first_retry: Duration,
    pub(crate) last_retry: Duration,
}

/// The objects of a worker.
pub(crate) struct Objects(restate_sdk::endpoint::Builder);

impl Objects {
    pub(crate) fn new() -> Self {
        Self(Endpoint::builder())
    }

    /// Requests that were not signed with this key of the server are refused.
    pub(crate) fn identity_key(self, key: &str) -> Result<Self, String> {
        let checked = self.0.identity_key(key);
        Ok(Self(checked.map_err(|error| error.to_string())?))
    }

    /// Adds an object, unless the server takes no such name.
    pub(crate) fn add(
        self,
        name: &str,
        treatment: Treatment,
        object: Arc<dyn Object>,
    ) -> Result<Self, serde_json::Error> {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let bytes = "application/octet-stream";
        let handler = |spec: &HandlerSpec| {
            json!({
                "name": spec.name,
                "ty": if spec.is_shared { "SHARED" } else { "EXCLUSIVE" },
                "ingressPrivate": spec.is_private,
                "input": { "contentType": bytes, "required": false },
                "output": { "contentType": bytes, "setContentTypeIfEmpty": false },
            })
        };
        let handlers: Vec<_> = object.handlers().iter().map(handler).collect();
        let service: discovery::Service = serde_json::from_value(json!({
            "name": name,
            "ty": "VIRTUAL_OBJECT",
            "handlers": handlers,
            "enableLazyState": treatment.is_lazy,
            "inactivityTimeout": millis(treatment.suspend_after),
            "abortTimeout": millis(treatment.longest),
            // What has ended is in the state.
            "journalRetention": 0,
            "retryPolicyInitialInterval": millis(treatment.first_retry),
            "retryPolicyMaxInterval": millis(treatment.last_retry),
            "retryPolicyExponentiationFactor": 2.0,
            // The server would pause the execution after 70 attempts, until somebody resumes it.
            "retryPolicyMaxAttempts": 1_000_000_000,
        }))?;
        let definition = service_definition(Served(object), service);
        Ok(Self(self.0.bind(definition)))
    }

    pub(crate) fn build(self) -> HyperEndpoint {
        HyperEndpoint::new(self.0.build())
    }
}

struct Served(Arc<dyn Object>);

impl Service for Served {
    type Future = ServiceBoxFuture;

    fn handle(&self, context: ContextInternal) -> ServiceBoxFuture {
        let object = Arc::clone(&self.0);
        async move {
            let (input, metadata) = context.input::<Vec<u8>>().await;
            let handler = context.handler_name().to_owned();
            if !object.handlers().iter().any(|spec| spec.name == handler) {
                return Err(Error::unknown_handler(context.service_name(), &handler));
            }
            let ctx = Ctx {
                context: context.clone(),
                key: metadata.key.into(),
                invocation: metadata.invocation_id.into(),
            };
            let result = object.call(&handler, ctx, input).await;
            context.handle_handler_result(result.map_err(|stop| match stop {
                Stop::Cancelled(error) => HandlerError::from(error),
                Stop::Retry(why) => HandlerError::from(why),
            }));
            context.end();
            Ok(())
        }
        .boxed()
    }
}

/// What a handler does through the server.
#[derive(Clone)]
pub(crate) struct Ctx {
    context: ContextInternal,
    key: Arc<str>,
    invocation: Arc<str>,
}

impl Ctx {
    /// The key of the object.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The id of this invocation.
    pub(crate) fn invocation(&self) -> &str {
        &self.invocation
    }

    pub(crate) async fn keys(&self) -> Result<Vec<String>, Stop> {
        Ok(self.context.get_keys().await?)
    }

    pub(crate) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Stop> {
        Ok(self.context.get::<Vec<u8>>(key).await?)
    }

    pub(crate) async fn get_as<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Stop> {
        let value = self.get(key).await?;
        Ok(value.map(|value| wire::read(&value)).transpose()?)
    }

    pub(crate) fn set(&self, key: &str, value: Vec<u8>) {
        self.context.set(key, value);
    }

    pub(crate) fn set_as<T: Serialize>(&self, key: &str, value: &T) -> Result<(), Stop> {
        self.set(key, wire::write(value)?);
        Ok(())
    }

    pub(crate) fn clear(&self, key: &str) {
        self.context.clear(key);
    }

    /// Calls a handler of the object with the same key, and waits for what it returns.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        object: &str,
        handler: &str,
        input: &impl Serialize,
    ) -> Result<T, Stop> {
        let target = self.target(object, handler);
        let input = wire::write(input)?;
        let request = self.context.request::<Vec<u8>, Vec<u8>>(target, input);
        let output = request.call().await?;
        Ok(wire::read(&output)?)
    }

    /// Has a handler of the object with the same key run after this time.
    pub(crate) fn send(
        &self,
        object: &str,
        handler: &str,
        input: &impl Serialize,
        after: Option<Duration>,
    ) -> Result<(), Stop> {
        let target = self.target(object, handler);
        let input = wire::write(input)?;
        let request = self.context.request::<Vec<u8>, ()>(target, input);
        // The id of the invocation is not needed.
        match after {
            Some(after) => drop(request.send_after(after)),
            None => drop(request.send()),
        }
        Ok(())
    }

    fn target(&self, object: &str, handler: &str) -> RequestTarget {
        RequestTarget::object(object, self.key.as_ref(), handler)
    }

    /// Hands the id of an awakeable to `tell`, and waits until it is resolved. When that takes
    /// longer than `at_most`, `overdue` decides whether to go on waiting.
    pub(crate) async fn wait(
        &self,
        tell: impl FnOnce(&str) -> Result<(), Stop>,
        at_most: Duration,
        overdue: impl FnOnce() -> Result<bool, Stop>,
    ) -> Result<Option<Vec<u8>>, Stop> {
        let (id, resolved) = self.context.awakeable::<Vec<u8>>();
        tell(&id)?;
        let sleep = self.context.sleep(at_most);
        let handles = vec![resolved.handle(), sleep.handle()];
        if self.context.select(handles).await? == 0 {
            return Ok(Some(resolved.await?));
        }
        if overdue()? {
            return Ok(Some(resolved.await?));
        }
        Ok(None)
    }

    pub(crate) fn resolve(&self, awakeable: &str, value: Vec<u8>) {
        self.context.resolve_awakeable(awakeable, value);
    }

    /// Waits for a signal to this invocation. Unlike all else here, it may be polled while a
    /// closure of [`run`](Self::run) is under way: it reads what the server has sent meanwhile, and
    /// writes nothing.
    pub(crate) fn signal(&self, name: &str) -> BoxFuture<'static, Result<Vec<u8>, Stop>> {
        let signal = self.context.signal::<Vec<u8>>(name);
        signal.map(|value| Ok(value?)).boxed()
    }

    pub(crate) fn resolve_signal(&self, invocation: &str, name: &str, value: Vec<u8>) {
        self.context.resolve_signal(invocation, name, value);
    }

    /// Does something once, and has the server record what has come of it.
    pub(crate) async fn run<'a, F>(
        &'a self,
        name: &'static str,
        closure: impl FnOnce() -> F + Send + 'a,
    ) -> Result<Vec<u8>, Stop>
    where
        F: Future<Output = Result<Vec<u8>, Stop>> + Send + 'a,
    {
        let closure = move || {
            let done = closure();
            async move {
                done.await.map_err(|stop| match stop {
                    Stop::Cancelled(error) => HandlerError::from(error),
                    Stop::Retry(why) => HandlerError::from(why),
                })
            }
        };
        Ok(self.context.run(closure).name(name).await?)
    }
}
