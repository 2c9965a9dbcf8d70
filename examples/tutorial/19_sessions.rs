//! A resource of each execution: `with Session = log_in` opens one before `start`, and drops it at
//! the end, however the execution ends. Where that fails, nothing else runs.
//!
//! `cargo run --example 19_sessions` prints
//!
//! ```text
//! Ada logs in
//! Ada has 3 letters
//! Ada logs out
//! -> Ok(3)
//! Bob logs in
//! Bob logs out
//! -> Err(handler `count` failed on start: the mailbox is locked)
//! Eve logs in
//! -> Err(handler `log_in` failed in `with Session`: wrong password)
//! ```

use flow_core::{Res, Result, State, flow, handler};

#[derive(Clone, Copy)]
struct User(&'static str);

/// All executions share the server, and each has a session of its own.
struct Server {
    users: [&'static str; 2],
}

struct Session {
    user: User,
}

impl Drop for Session {
    fn drop(&mut self) {
        println!("{} logs out", self.user.0);
    }
}

/// A handler like any other, with limits. The input comes to it as a state.
#[handler(timeout = "5s")]
async fn log_in(user: State<User>, server: Res<Server>) -> Result<Session> {
    let user = user.with(|user| *user);
    println!("{} logs in", user.0);
    if !server.users.contains(&user.0) {
        return Err("wrong password".into());
    }
    Ok(Session { user })
}

#[handler]
async fn count(_user: User, session: Res<Session>) -> Result<u32> {
    match session.user {
        User("Bob") => Err("the mailbox is locked".into()),
        _ => Ok(3),
    }
}

#[handler]
async fn tell(letters: u32, session: Res<Session>) -> u32 {
    println!("{} has {letters} letters", session.user.0);
    letters
}

fn user(input: &User) -> User {
    *input
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let letters = flow! {
        with Server;
        with Session = log_in;
        state User = user;
        sound;
        start(User) -> count -> tell -> end
    };
    let users = ["Ada", "Bob"];
    let letters = letters.with(Server { users });
    for user in ["Ada", "Bob", "Eve"] {
        match letters.run(User(user)).await {
            Ok(letters) => println!("-> Ok({letters})"),
            Err(error) => println!("-> Err({error:#})"),
        }
    }
}
