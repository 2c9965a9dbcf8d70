//! Failures of the chat.

use tokio::net::TcpListener;

use crate::run::{Ended, PROMPT, chat, first_line, run};
use crate::script::{Script, Server, delta, short};

/// A chat with one question after another.
async fn asked(server: &Server, questions: &str) -> Ended {
    let mut ended = run(chat(&server.base_url()), questions).await;
    let said = ended.stdout.strip_prefix(&first_line(&server.base_url()));
    ended.stdout = said.unwrap_or_else(|| panic!("{ended:?}")).to_owned();
    ended
}

fn assert_nothing_answers(ended: &Ended, address: &str) {
    let error = format!("\n[error] Nothing answers at {address}");
    assert!(ended.stderr.starts_with(&error), "{ended:?}");
    let way_out = ": start a model server there, or set OPENAI_BASE_URL to one that runs.\n";
    assert!(ended.stderr.ends_with(way_out), "{ended:?}");
}

/// An address where nothing listens.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/v1", listener.local_addr().unwrap())
}

#[tokio::test]
async fn the_chat_goes_on_after_an_error_in_the_middle_of_a_reply() {
    let error = "data: {\"error\":{\"message\":\"out of memory\"}}\n\n";
    let server = Server::start([Script::events(delta("Hel") + error), short("Hello.")]).await;
    let ended = asked(&server, "Hi\nHi again\n").await;
    let expected = "Question (type 'exit' to stop): \n\
        [user] Hi\n\
        [assistant] Hel\n\
        [error] The model server broke off the reply (out of memory): ask again.\n\n\
        Question (type 'exit' to stop): \n\
        [user] Hi again\n\
        [assistant] Hello.\n\n\
        Question (type 'exit' to stop): \n";
    assert_eq!(
        ended,
        Ended {
            code: Some(0),
            stdout: expected.to_owned(),
            stderr: String::new()
        }
    );
}

#[tokio::test]
async fn the_chat_goes_on_when_the_server_was_not_ready() {
    let loading = Script::answer(
        "503 Service Unavailable",
        "",
        r#"{"error":{"message":"Loading model"}}"#,
    );
    let server = Server::start([loading, short("Hello.")]).await;
    let ended = asked(&server, "Hi\nHi again\n").await;
    let error = "[assistant] \n\
        [error] The model server failed (503: Loading model): ask again a little later, or differently.\n\n";
    assert!(ended.stdout.contains(error), "{ended:?}");
    assert!(ended.stdout.contains("[assistant] Hello.\n\n"), "{ended:?}");
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn a_server_that_goes_away_cuts_its_reply_and_fails_the_next_question() {
    let server = Server::start([Script::stream().chunk(delta("Hel"))]).await;
    let ended = asked(&server, "Hi\nAre you there?\nnever asked\n").await;
    let expected = "Question (type 'exit' to stop): \n\
        [user] Hi\n\
        [assistant] Hel\n\
        [error] The reply was cut off before its end: ask again.\n\n\
        Question (type 'exit' to stop): \n\
        [user] Are you there?\n\
        [assistant] ";
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), expected));
    assert_nothing_answers(&ended, &server.base_url());
}

#[tokio::test]
async fn a_refused_key_ends_the_chat_with_a_failure() {
    let refused = Script::answer("401 Unauthorized", "", r#"{"error":"no such key"}"#);
    let server = Server::start([refused, short("never asked")]).await;
    let ended = asked(&server, "Hi\nHi again\n").await;
    assert_eq!(
        (ended.code, ended.stdout),
        (Some(1), format!("{PROMPT}\n[user] Hi\n[assistant] "))
    );
    let error = "\n[error] The model server refuses this (401: no such key): check OPENAI_API_KEY";
    assert!(ended.stderr.starts_with(error), "{}", ended.stderr);
    assert_eq!(ended.stderr.lines().count(), 2, "{}", ended.stderr);
}

#[tokio::test]
async fn a_server_that_is_not_there_fails_the_chat_before_it_begins() {
    let address = nobody().await;
    let mut chat = chat(&address);
    // Without the name of a model, the chat requests the list of models.
    chat.env_remove("OPENAI_MODEL");
    let ended = run(chat, "Hi\n").await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    assert_nothing_answers(&ended, &address);
}

#[tokio::test]
async fn an_invalid_address_is_reported_with_an_example() {
    let error = "\n[error] `localhost` is not the address of a server: \
        set OPENAI_BASE_URL to one like http://127.0.0.1:11434/v1.\n";
    assert_eq!(
        run(chat("localhost"), "Hi\n").await,
        Ended {
            code: Some(1),
            stdout: String::new(),
            stderr: error.to_owned()
        }
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn output_that_cannot_be_written_is_reported() {
    use std::process::Stdio;

    use crate::run::GUARD;

    let server = Server::start([]).await;
    let full = std::fs::File::options().write(true).open("/dev/full");
    let mut chat = chat(&server.base_url());
    chat.stdin(Stdio::null())
        .stdout(full.unwrap())
        .stderr(Stdio::piped());
    let ended = chat.spawn().unwrap().wait_with_output();
    let output = tokio::time::timeout(GUARD, ended).await.unwrap().unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "\n[error] No space left on device (os error 28)\n"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[cfg(unix)]
#[tokio::test]
async fn a_setting_that_is_not_text_is_reported_and_not_ignored() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let mut chat = chat("");
    chat.env("OPENAI_BASE_URL", OsStr::from_bytes(b"h\xFFst"));
    let ended = run(chat, "Hi\n").await;
    let error = "\n[error] `h\u{FFFD}st` is not the address of a server: ";
    assert!(ended.stderr.starts_with(error), "{ended:?}");
    assert_eq!(ended.code, Some(1));
}
