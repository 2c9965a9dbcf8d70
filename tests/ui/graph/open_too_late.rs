// Resources are opened in the order of the text.
use flow_core::{Res, flow, handler};

struct Connection;
struct Transaction;

#[handler]
async fn connect() -> Connection {
    Connection
}

#[handler]
async fn begin(_connection: Res<Connection>) -> Transaction {
    Transaction
}

#[handler]
async fn reconnect(_connection: Res<Connection>) -> Connection {
    Connection
}

#[handler]
async fn work(_connection: Res<Connection>, _transaction: Res<Transaction>) {}

#[handler]
async fn ping(_connection: Res<Connection>) {}

fn main() {
    let _ = flow! { with Transaction = begin; with Connection = connect; start -> work };
    let _ = flow! { with Connection = reconnect; start -> ping };
}
