//! Resources that each execution opens.
use std::sync::Arc;

use flow_core::{BoxError, Cx, Failed, Res, Result, State, flow, handler};

#[derive(Debug)]
pub struct Pool;
struct Connection;
struct Session;

trait Store: Send + Sync {}

impl Store for Session {}

mod database {
    use flow_core::{Res, Result, handler};

    #[handler(timeout = "5s", retry(attempts = 3, backoff = "100ms"))]
    pub async fn connect(_pool: Res<super::Pool>) -> Result<super::Connection> {
        Ok(super::Connection)
    }
}

fn url(input: &String) -> String {
    input.clone()
}

#[handler]
async fn open_session(
    cx: &Cx,
    url: State<String>,
    _connection: Res<Connection>,
) -> Result<Session, std::io::Error> {
    let _ = (cx.attempt(), url.with(|url| url.len()));
    Ok(Session)
}

#[handler]
async fn mount(_connection: Res<Connection>) -> Arc<dyn Store> {
    Arc::new(Session)
}

#[handler]
async fn work(_session: Res<Session>, _store: Res<dyn Store>) -> Result<()> {
    Ok(())
}

#[handler]
async fn apologize(_failed: Failed<BoxError>) {}

// A resource that is opened may be private where the flow is public.
flow! {
    pub flow Work(String);
    // A given resource may come later.
    with Connection = database::connect;
    with Pool;
    state String = url;
    with Session = open_session;
    with dyn Store = mount;
    start -> work;
    rescue work -> apologize
}

// Another handler that opens it fails, and `rescue` is for the others.
flow! {
    flow Rescued(String);
    with Pool;
    state String = url;
    with Connection = database::connect;
    with Session = open_session;
    with dyn Store = mount;
    start -> work;
    rescue -> apologize
}

// The same handler opens a resource and is a stage.
#[handler]
async fn number() -> u32 {
    7
}

#[handler]
async fn add(n: u32, number: Res<u32>) -> u32 {
    n + *number
}

flow! { flow Add -> u32; with u32 = number; start -> number -> add -> end }

// A failure to open it is one of the execution, which is no way to stop short.
flow! {
    flow Sound(String) -> u32;
    sound;
    with Pool;
    with Connection = database::connect;
    start -> ping -> end
}

#[handler]
async fn ping(_url: String, _connection: Res<Connection>) -> u32 {
    7
}

// Words of the clause are names elsewhere.
#[handler]
async fn with(_number: Res<u32>) {}

#[handler]
async fn open() -> u32 {
    7
}

macro_rules! opening {
    ($resource:ty, $open:path) => {
        flow! { with $resource = $open; start -> with }
    };
}

fn main() {
    let _ = Work::new().with(Pool).run("db".to_owned());
    let _ = Rescued::new().with(Pool).run("db".to_owned());
    let _ = Add::new().run(());
    let _ = Sound::new().with(Pool).run("db".to_owned());
    let _ = flow! { with u32 = open; start -> with }.run(());
    let _ = opening!(u32, open).run(());
}
