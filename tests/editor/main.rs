//! Completions, definitions and hovers of rust-analyzer in a `flow!`.
//!
//! This test needs rust-analyzer, so it does not run by default:
//! `cargo test -p tests --test editor`. `FLOW_TOOLCHAIN_BIN` is a directory with `rust-analyzer`,
//! `cargo` and `rustc` of the same version (default: `/usr/bin`, as with Debian's packages).

mod client;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::client::Client;

/// The clause that the tests replace.
const CLAUSE: &str = "when UserInput -> stream_reply;";

fn server() -> Client {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("editor/fixture");
    let bin = std::env::var("FLOW_TOOLCHAIN_BIN").unwrap_or_else(|_| "/usr/bin".to_owned());
    let mut server = Command::new(Path::new(&bin).join("rust-analyzer"));
    // This cargo builds the macros and this server loads them, so their versions must be the same.
    let path = std::env::var("PATH").unwrap_or_default();
    server
        .env("PATH", format!("{bin}:{path}"))
        .env(
            "CARGO_TARGET_DIR",
            concat!(env!("CARGO_TARGET_TMPDIR"), "/editor"),
        )
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO")
        .env_remove("RUSTC");
    Client::start(server, &root)
}

/// One server for all checks, because its start takes most of the time.
#[test]
fn an_editor_knows_what_a_flow_means() {
    let client = &mut server();
    each_word_has_one_definition(client);
    a_handler_shows_what_it_takes_emits_and_streams(client);
    an_event_shows_its_own_documentation(client);
    events_come_first_where_an_event_is_expected(client);
    handlers_come_first_where_a_handler_is_expected(client);
    no_private_name_is_offered(client);
    the_rest_of_a_flow_is_known_while_a_clause_is_typed(client);
}

fn each_word_has_one_definition(client: &mut Client) {
    for flow in ["let _ = flow!", "pub flow Chat"] {
        for (word, definition) in [
            ("UserInput", "pub struct UserInput"),
            ("Loop", "pub struct Loop"),
            ("Review", "pub struct Review"),
            ("get_input", "async fn get_input"),
            ("stream_reply", "async fn stream_reply"),
            ("apologize", "async fn apologize"),
            ("Llm", "pub struct Llm"),
            ("Turns", "pub struct Turns"),
        ] {
            let at = place(client.text(), flow, word);
            let line = line_of(client.text(), definition);
            let targets = client.ask("definition", at);
            let targets = targets.as_array().unwrap();
            let lines = targets.iter().map(|target| {
                let uri = target["targetUri"].as_str().unwrap();
                let file = uri.rsplit('/').next().unwrap();
                (
                    file,
                    target["targetSelectionRange"]["start"]["line"].as_u64(),
                )
            });
            let lines: Vec<_> = lines.collect();
            assert_eq!(lines, [("lib.rs", Some(line))], "`{word}` in `{flow}`");
        }
    }
}

fn a_handler_shows_what_it_takes_emits_and_streams(client: &mut Client) {
    let shown = hover(client, "let _ = flow!", "stream_reply");
    for part in [
        "async fn stream_reply(\n    UserInput(question): UserInput,\n    cx: &Cx,\n    \
         llm: Res<Llm>,\n    turns: State<Turns>,\n) -> Result<()>",
        "Answers the user, word by word.",
        "Takes `UserInput`",
        "Emits `Loop`, `Review`",
        "Streams `String`",
    ] {
        assert!(shown.contains(part), "no `{part}` in: {shown}");
    }
    assert!(!shown.contains("__"), "{shown}");
    assert!(!shown.contains("extern crate"), "{shown}");
}

fn an_event_shows_its_own_documentation(client: &mut Client) {
    let shown = hover(client, "pub flow Chat", "UserInput");
    assert!(shown.contains("A line that the user typed."), "{shown}");
    assert!(!shown.contains("__"), "{shown}");
}

fn events_come_first_where_an_event_is_expected(client: &mut Client) {
    for half_typed in [
        "when |",
        "when |;",
        "when Us|;",
        "when |-> stream_reply;",
        "when UserInput| -> stream_reply;",
        "when Loop | |;",
        "when Loop & | -> stream_reply;",
        "external |;",
        "ignore |;",
        "ask |;",
        "when |[3];",
        "when Us|[3] by .0 -> stream_reply;",
        "when UserInput -> ask |;",
        "when UserInput -> ask Us| else decide;",
        "rescue ask |;",
    ] {
        let mut first = completions(client, half_typed);
        first.truncate(3);
        assert_eq!(first, ["Loop", "Review", "UserInput"], "{half_typed}");
    }
}

fn handlers_come_first_where_a_handler_is_expected(client: &mut Client) {
    for half_typed in [
        "when UserInput -> |",
        "when UserInput -> |;",
        "when UserInput -> str|;",
        "when UserInput -> stream_reply -> |;",
        "when UserInput -> (stream_reply, |);",
        "when UserInput -> each |;",
        "when UserInput -> match { _ => | };",
        "when UserInput(_) if true -> stream_reply else -> |;",
        "rescue |",
        "when UserInput -> first (stream_reply, |);",
        "when UserInput -> first (str|, stream_reply);",
        "when UserInput -> stream_reply else |;",
        "when UserInput -> em|;",
        "when UserInput[3] -> |;",
        "when UserInput & Loop by .0 -> |;",
        "every \"1s\" -> |;",
        "finally within \"1s\" -> |;",
        "with Session = |;",
        "with Session = str|;",
        "ask Review every \"1h\" |;",
        "ask Review -> stream_reply else -> |;",
        "when UserInput(_) if true -> |;",
        "when UserInput -> |input: UserInput| input -> |;",
        "drain within \"1s\"; rescue |;",
    ] {
        let mut first = completions(client, half_typed);
        first.truncate(5);
        // A named flow is a stage too.
        let expected = ["Chat", "apologize", "decide", "get_input", "stream_reply"];
        assert_eq!(first, expected, "{half_typed}");
    }
}

fn no_private_name_is_offered(client: &mut Client) {
    for half_typed in [
        "when |;",
        "when UserInput -> |;",
        "with |;",
        "with | = open;",
        "with Session = |;",
        "state |;",
        "state | = Turns::default;",
        "streams |;",
    ] {
        let offered = completions(client, half_typed);
        assert!(
            offered.contains(&"UserInput".to_owned()),
            "{half_typed}: {offered:?}"
        );
        let private = offered.iter().find(|label| label.starts_with("__"));
        assert_eq!(private, None, "{half_typed}");
    }
}

fn the_rest_of_a_flow_is_known_while_a_clause_is_typed(client: &mut Client) {
    for half_typed in [
        "when UserInput -> first (stream_reply, );",
        "when UserInput -> first stream_reply;",
        "when UserInput -> ask ;",
        "when UserInput -> ask(Review);",
        "when UserInput -> em;",
        "when UserInput -> emit stream_reply;",
        "when UserInput[] -> stream_reply;",
        "when UserInput & Loop by . -> stream_reply;",
        "when UserInput and Loop -> stream_reply;",
        "every ;",
        "with Session = ;",
        "with Session = stream_reply();",
        "every \"1s\" -> ;",
        "finally -> stream_reply;",
        "when UserInput -> |input| ;",
        "when UserInput -> |input: UserInput| input. -> stream_reply;",
        "when UserInput -> each (|turn| )[8] -> stream_reply;",
        "when UserInput {} -> stream_reply;",
        "when UserInput(question, -> ) stream_reply;",
        "when UserInput(_) if -> stream_reply else -> ignore;",
        "ask Review every \"1h\" ;",
        "ask Review within -> stream_reply;",
        "rescue stream_reply -> ;",
        "sound",
        "durable; when ",
    ] {
        let original = client.text().to_owned();
        client.change(original.replacen(CLAUSE, half_typed, 1));
        for (word, definition) in [
            ("Llm", "pub struct Llm"),
            ("get_input", "async fn get_input"),
            ("decide", "async fn decide"),
            ("apologize", "async fn apologize"),
        ] {
            let at = place(client.text(), "let _ = flow!", word);
            let line = line_of(client.text(), definition);
            let targets = client.ask("definition", at);
            let found = targets[0]["targetSelectionRange"]["start"]["line"].as_u64();
            assert_eq!(found, Some(line), "`{word}` beside `{half_typed}`");
        }
        client.change(original);
    }
}

/// The completions at the last `|` of a text in the place of `CLAUSE`, in the order of an editor.
fn completions(client: &mut Client, half_typed: &str) -> Vec<String> {
    let original = client.text().to_owned();
    let at = half_typed.rfind('|').unwrap();
    let typed = format!("{}{}", &half_typed[..at], &half_typed[at + 1..]);
    let start = original.find(CLAUSE).unwrap();
    client.change(original.replacen(CLAUSE, &typed, 1));
    let offered = client.ask("completion", start + at);
    client.change(original);
    let items = offered["items"].as_array();
    let items = items.unwrap_or_else(|| panic!("nothing is offered in `{half_typed}`"));
    let mut items: Vec<_> = items
        .iter()
        .map(|item| (text(item, "sortText"), text(item, "label")))
        .collect();
    items.sort();
    items.into_iter().map(|(_, label)| label).collect()
}

fn hover(client: &mut Client, after: &str, word: &str) -> String {
    let at = place(client.text(), after, word);
    let shown = client.ask("hover", at);
    text(&shown["contents"], "value")
}

fn text(of: &Value, key: &str) -> String {
    of[key].as_str().unwrap().to_owned()
}

/// A position within the first occurrence of the word after a text.
fn place(text: &str, after: &str, word: &str) -> usize {
    let start = text.find(after).unwrap();
    start + text[start..].find(word).unwrap() + 1
}

fn line_of(text: &str, part: &str) -> u64 {
    let start = text.find(part).unwrap();
    text[..start].matches('\n').count() as u64
}
