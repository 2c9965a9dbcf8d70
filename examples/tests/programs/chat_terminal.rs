//! The chat on a terminal.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::run::{GUARD, PROMPT, first_line};
use crate::script::{Script, Server, delta, short};
use crate::terminal::{CTRL_C, CTRL_D, Terminal};

/// A chat on a terminal, once it waits for a question.
fn chat(server: &Server) -> Terminal {
    let address = server.base_url();
    let settings = [("OPENAI_BASE_URL", address.as_str()), ("OPENAI_MODEL", "m")];
    let mut terminal = Terminal::start("chat", &settings);
    terminal.wait_for(&first_line(&address).replace('\n', "\r\n"));
    terminal.wait_for(PROMPT);
    terminal
}

/// Presses Ctrl-C: the program should leave the cursor at the start of a line and nothing else.
fn interrupt(mut terminal: Terminal) {
    terminal.press(CTRL_C);
    assert_eq!(terminal.end(), ("^C\r\n".to_owned(), 0));
}

async fn told(notify: &Notify) {
    let told = tokio::time::timeout(GUARD, notify.notified()).await;
    told.expect("the server was not asked");
}

// The tests block while they wait for the terminal, so the server needs another thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_conversation_is_typed_and_read() {
    let server = Server::start([short("Hello."), short("Good.")]).await;
    let mut terminal = chat(&server);
    terminal.press("Hi\n");
    terminal.wait_for("Hi\r\n\r\n[user] Hi\r\n[assistant] Hello.\r\n\r\n");
    terminal.wait_for(PROMPT);
    terminal.press("\n");
    terminal.wait_for(&format!("\r\n{PROMPT}"));
    terminal.press("How are you?\n");
    terminal.wait_for("[user] How are you?\r\n[assistant] Good.\r\n\r\n");
    terminal.wait_for(PROMPT);
    terminal.press("exit\n");
    assert_eq!(terminal.end(), ("exit\r\n\r\n".to_owned(), 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ctrl_d_ends_the_chat_on_a_new_line() {
    let mut terminal = chat(&Server::start([]).await);
    terminal.press(CTRL_D);
    let (rest, code) = terminal.end();
    // Some systems show the key and then erase it.
    assert!(rest.ends_with("\r\n"), "{rest:?}");
    assert_eq!(code, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ctrl_c_at_the_prompt_ends_the_program_quietly() {
    interrupt(chat(&Server::start([]).await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ctrl_c_in_the_middle_of_a_reply_ends_the_program_quietly() {
    let server = Server::start([Script::stream().chunk(delta("Hel")).hold()]).await;
    let mut terminal = chat(&server);
    terminal.press("Hi\n");
    terminal.wait_for("[assistant] Hel");
    interrupt(terminal);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ctrl_c_before_a_reply_begins_ends_the_program_quietly() {
    let asked = Arc::new(Notify::new());
    let server = Server::start([Script::request().tell(&asked).hold()]).await;
    let mut terminal = chat(&server);
    terminal.press("Hi\n");
    terminal.wait_for("[assistant] ");
    told(&asked).await;
    interrupt(terminal);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ctrl_c_before_the_chat_begins_ends_the_program_quietly() {
    let asked = Arc::new(Notify::new());
    let server = Server::start([Script::request().tell(&asked).hold()]).await;
    // Without the name of a model, the chat requests the list of models.
    let terminal = Terminal::start("chat", &[("OPENAI_BASE_URL", &server.base_url())]);
    told(&asked).await;
    interrupt(terminal);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_failure_is_reported_on_its_own_line() {
    let server = Server::start([Script::answer("403 Forbidden", "", "not for you")]).await;
    let mut terminal = chat(&server);
    terminal.press("Hi\n");
    terminal.wait_for("[assistant] ");
    let (rest, code) = terminal.end();
    let error = "\r\n[error] The model server refuses this (403: not for you): ";
    assert!(
        rest.starts_with(error) && rest.ends_with(".\r\n"),
        "{rest:?}"
    );
    assert_eq!(code, 1);
}
