//! The approval on a terminal.

use crate::approval::{ASKS, HINT, NOBODY, TOPIC};
use crate::script::{Script, Server, delta, short};
use crate::terminal::{CTRL_C, CTRL_D, Terminal};

/// The text as it appears on the screen.
fn screen(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// An approval on a terminal, once it has been given its topic.
fn approval(server: &Server) -> Terminal {
    let address = server.base_url();
    let settings = [("OPENAI_BASE_URL", address.as_str()), ("OPENAI_MODEL", "m")];
    let mut terminal = Terminal::start("approval", &settings);
    terminal.wait_for(TOPIC);
    terminal.press("the party\n");
    terminal.wait_for("[draft] ");
    terminal
}

/// Presses Ctrl-C: the program should leave the cursor at the start of a line and nothing else.
fn interrupt(mut terminal: Terminal) {
    terminal.press(CTRL_C);
    assert_eq!(terminal.end(), ("^C\r\n".to_owned(), 0));
}

// The tests block while they wait for the terminal, so the server needs another thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_person_rejects_and_approves() {
    let server = Server::start([short("Cake."), short("Cake at six.")]).await;
    let mut terminal = approval(&server);
    terminal.wait_for(&screen(&format!("Cake.\n{ASKS}")));
    terminal.press("hm\n");
    terminal.wait_for(&screen(&format!("hm\n{HINT}")));
    terminal.press("reject say when\n");
    terminal.wait_for(&screen(&format!("\n\n[draft] Cake at six.\n{ASKS}")));
    terminal.press("approve\n");
    let published = screen("approve\n\n[published] Cake at six.\n");
    assert_eq!(terminal.end(), (published, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ctrl_d_leaves_the_question_unanswered() {
    let server = Server::start([short("Cake.")]).await;
    let mut terminal = approval(&server);
    terminal.wait_for(&screen(ASKS));
    terminal.press(CTRL_D);
    let (rest, code) = terminal.end();
    assert!(rest.ends_with(&screen(&format!("\n{NOBODY}"))), "{rest:?}");
    assert_eq!(code, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ctrl_c_at_the_question_ends_the_program_quietly() {
    let server = Server::start([short("Cake.")]).await;
    let mut terminal = approval(&server);
    terminal.wait_for(&screen(ASKS));
    interrupt(terminal);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ctrl_c_in_the_middle_of_a_draft_ends_the_program_quietly() {
    let server = Server::start([Script::stream().chunk(delta("Ca")).hold()]).await;
    let mut terminal = approval(&server);
    terminal.wait_for("Ca");
    interrupt(terminal);
}
