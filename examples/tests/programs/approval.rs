//! The approval with its input and output in pipes.

use examples::OfflineModel;
use tokio::process::Command;

use crate::run::{Ended, Running, example, first_line, run};
use crate::script::{Script, Server, delta, short};

pub(crate) const TOPIC: &str = "What is the notice about? ";
pub(crate) const ASKS: &str = "\napprove, or reject and why (within 60 minutes): ";
pub(crate) const HINT: &str = "Type `approve`, or `reject` and what should be different, \
    as in `reject say where it is`: ";
pub(crate) const NOBODY: &str = "\n[not published] Nobody has decided.\n";

/// An approval of drafts by the model `m` at this address.
fn approval(base_url: &str) -> Command {
    let mut command = example("approval");
    command
        .env("OPENAI_BASE_URL", base_url)
        .env("OPENAI_MODEL", "m");
    command
}

/// Runs an approval that must succeed, and returns its output after the first line.
async fn said(server: &Server, input: &str) -> String {
    let ended = run(approval(&server.base_url()), input).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let said = ended.stdout.strip_prefix(&first_line(&server.base_url()));
    said.unwrap_or_else(|| panic!("{ended:?}")).to_owned()
}

#[tokio::test]
async fn an_approved_draft_is_published() {
    let server = Server::start([short("There is cake.")]).await;
    assert_eq!(
        said(&server, "the party\napprove\nnever read\n").await,
        format!("{TOPIC}\n[draft] There is cake.\n{ASKS}\n[published] There is cake.\n")
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        requests[0].messages(),
        ["user: Write a short notice about the party"]
    );
}

#[tokio::test]
async fn a_rejected_draft_is_written_again_with_the_reason() {
    let server = Server::start([short("Cake."), short("Cake at six.")]).await;
    assert_eq!(
        said(&server, "the party\n  REJECT  say when \r\nApprove").await,
        format!(
            "{TOPIC}\n[draft] Cake.\n{ASKS}\n[draft] Cake at six.\n{ASKS}\n[published] Cake at six.\n"
        )
    );
    let [_, again] = &server.requests()[..] else {
        panic!("two drafts are two requests");
    };
    assert_eq!(
        again.messages(),
        [
            "user: Write a short notice about the party",
            "assistant: Cake.",
            "user: Write it again, and mind this: say when",
        ]
    );
}

#[tokio::test]
async fn the_built_in_model_minds_the_reason() {
    let model = OfflineModel::start().await.unwrap();
    let input = "rain\nreject mention the wind\napprove\n";
    let ended = run(approval(&model.base_url()), input).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let published = "[published] Dear all, this is about rain. It concerns every one of you, and you \
        are all welcome. And, since it was asked for: mention the wind.";
    assert_eq!(ended.stdout.lines().last(), Some(published));
}

#[tokio::test]
async fn an_unknown_answer_gets_a_hint_and_may_be_typed_again() {
    let server = Server::start([short("Cake.")]).await;
    let input = "the party\nyes\n\nreject\nreject  \napprove it\napprove\n";
    assert_eq!(
        said(&server, input).await,
        format!(
            "{TOPIC}\n[draft] Cake.\n{ASKS}{}\n[published] Cake.\n",
            HINT.repeat(5)
        )
    );
}

#[tokio::test]
async fn the_end_of_the_input_leaves_the_question_unanswered() {
    let server = Server::start([short("Cake.")]).await;
    assert_eq!(
        said(&server, "the party\n").await,
        format!("{TOPIC}\n[draft] Cake.\n{ASKS}\n{NOBODY}")
    );
}

#[tokio::test]
async fn without_a_topic_nothing_is_written() {
    let server = Server::start([]).await;
    for input in ["", "\n", "  \r\napprove\n"] {
        assert_eq!(
            said(&server, input).await,
            format!("{TOPIC}\n"),
            "{input:?}"
        );
    }
}

#[tokio::test]
async fn an_expired_question_is_reported_and_ends_the_flow() {
    let server = Server::start([short("Cake.")]).await;
    let mut command = approval(&server.base_url());
    command.arg("--hurry");
    let mut approval = Running::start(command);
    approval.send("the party\n").await;
    approval.wait_for("why (within 3 seconds): ").await;
    // The program ends although the input stays open.
    approval.wait_for(&format!("\n{NOBODY}")).await;
    let ended = approval.end().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn a_draft_that_fails_ends_the_program_with_its_error() {
    let server = Server::start([Script::stream().chunk(delta("Ca"))]).await;
    let ended = run(approval(&server.base_url()), "the party\napprove\n").await;
    let stdout = format!("{}{TOPIC}\n[draft] Ca", first_line(&server.base_url()));
    assert_eq!(
        ended,
        Ended {
            code: Some(1),
            stdout,
            stderr: "\n[error] The reply was cut off before its end: ask again.\n".to_owned()
        }
    );
}

#[tokio::test]
async fn a_closed_pipe_ends_it_quietly() {
    let server = Server::start([short("Cake.")]).await;
    let mut approval = Running::start(approval(&server.base_url()));
    approval.wait_for(TOPIC).await;
    approval.stop_reading();
    approval.send("the party\n").await;
    let ended = approval.end().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}
