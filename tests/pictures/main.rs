//! Pictures of flows, as snapshots. `UPDATE_EXPECT=1 cargo test -p tests --test pictures`
//! rewrites them; `tools` checks them with Mermaid and Graphviz.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod flows;
mod words;

use expect_test::{expect, expect_file};
use flow_core::graph::GraphDesc;
use flow_core::{BoxError, Cx, Event, Failed, Res, Result, flow, handler};
use layout::backends::svg::SVGWriter;
use layout::gv::{DotParser, GraphBuilder};

use crate::flows::{Agent, Chat, Research, Review, Shop};
use crate::words::Election;

const DRAWN: [&GraphDesc; 6] = [
    Chat::GRAPH,
    Review::GRAPH,
    Shop::GRAPH,
    Research::GRAPH,
    Agent::GRAPH,
    Election::GRAPH,
];

#[test]
fn as_mermaid() {
    expect_file!["snapshots/chat.mmd"].assert_eq(&Chat::GRAPH.to_mermaid());
    expect_file!["snapshots/review.mmd"].assert_eq(&Review::GRAPH.to_mermaid());
    expect_file!["snapshots/shop.mmd"].assert_eq(&Shop::GRAPH.to_mermaid());
    expect_file!["snapshots/research.mmd"].assert_eq(&Research::GRAPH.to_mermaid());
    expect_file!["snapshots/agent.mmd"].assert_eq(&Agent::GRAPH.to_mermaid());
    expect_file!["snapshots/election.mmd"].assert_eq(&Election::GRAPH.to_mermaid());
}

#[handler]
async fn one() -> u32 {
    1
}

flow! {
    flow Proved -> u32;
    sound;
    start -> one -> end;
}

#[test]
fn a_flow_that_is_proved_says_so_in_its_title() {
    let mermaid = Proved::GRAPH.to_mermaid();
    assert!(mermaid.contains("title: Proved (sound)\n"), "{mermaid}");
    let dot = Proved::GRAPH.to_dot();
    assert!(dot.contains("label=\"Proved (sound)\""), "{dot}");
}

#[test]
fn the_readme_has_the_chat() {
    let readme = include_str!("../../README.md").replace("\r\n", "\n");
    let picture = format!("```mermaid\n{}```\n", Chat::GRAPH.to_mermaid());
    assert!(readme.contains(&picture), "{picture}");
}

#[test]
fn as_dot() {
    expect_file!["snapshots/chat.dot"].assert_eq(&Chat::GRAPH.to_dot());
    expect_file!["snapshots/review.dot"].assert_eq(&Review::GRAPH.to_dot());
    expect_file!["snapshots/shop.dot"].assert_eq(&Shop::GRAPH.to_dot());
    expect_file!["snapshots/research.dot"].assert_eq(&Research::GRAPH.to_dot());
    expect_file!["snapshots/agent.dot"].assert_eq(&Agent::GRAPH.to_dot());
    expect_file!["snapshots/election.dot"].assert_eq(&Election::GRAPH.to_dot());
}

#[test]
fn as_json() {
    let json = serde_json::to_string_pretty(Review::GRAPH).unwrap();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let emitted = &value["clauses"][0]["route"][0]["of"]["emits"][0]["id"];
    assert_eq!(emitted, &value["clauses"][1]["trigger"]["of"]["id"]);
    assert_eq!(emitted.as_str().unwrap().len(), 16);
    // An id depends on the place of the definition, and on the form of paths on this system.
    let emitted = emitted.as_str().unwrap();
    let json = json.replace(emitted, "id of Draft").replace(r"\\", "/");
    expect_file!["snapshots/review.json"].assert_eq(&json);
}

#[test]
fn a_stage_that_asks_as_json() {
    let json = serde_json::to_value(Agent::GRAPH).unwrap();
    let item = &json["clauses"][0]["route"][1]["of"]["route"][0]["of"];
    let asks = &item["route"][0]["of"];
    assert_eq!(asks["name"], "ask Approve");
    assert_eq!(asks["asks"]["name"], "Approve");
    assert_eq!(asks["timeout"], 3_600_000);
    assert_eq!(item["stand_in"][0]["of"]["name"], "refuse");
    assert!(json["clauses"][0]["route"][0]["of"].get("asks").is_none());
}

#[test]
fn a_stage_with_an_else_as_json() {
    let json = serde_json::to_value(Research::GRAPH).unwrap();
    let stage = &json["clauses"][0]["route"][0];
    assert_eq!(stage["kind"], "else");
    assert_eq!(stage["of"]["route"][0]["of"]["name"], "search");
    assert_eq!(stage["of"]["stand_in"][0]["of"]["name"], "known_pages");
    let item = &json["clauses"][0]["route"][1]["of"]["route"][0]["of"];
    assert_eq!(
        item["route"][0]["of"]["stand_in"][0]["of"]["name"],
        "look_up"
    );
    assert_eq!(item["stand_in"][0]["kind"], "skip");
}

#[test]
fn a_resource_that_is_opened_is_drawn_and_is_a_clause_in_json() {
    struct Session;

    #[handler]
    async fn open_session() -> Result<Session> {
        Ok(Session)
    }

    #[handler]
    async fn work(_session: Res<Session>) -> Result<()> {
        Ok(())
    }

    #[handler]
    async fn note(_failed: Failed<BoxError>) {}

    let flow = flow! { start -> work; with Session = open_session; rescue -> note };
    let drawn = flow.graph().to_mermaid();
    let (_, drawn) = drawn.split_once("flowchart LR\n").unwrap();
    // The expected text has no indentation.
    let drawn = drawn.replace("    ", "");
    expect![[r#"
            start(("start"))
            h_work["work"]
            with(("with"))
            h_open_session["open_session"]
            h_note["note"]
            start --> h_work
            with -->|"Session"| h_open_session
            h_work -.->|"error"| h_note
    "#]]
    .assert_eq(&drawn);
    let json = serde_json::to_value(flow.graph()).unwrap();
    let opens = &json["clauses"][1];
    assert_eq!(opens["trigger"]["kind"], "open");
    assert_eq!(opens["trigger"]["of"], "Session");
    assert_eq!(opens["route"][0]["of"]["name"], "open_session");
    assert_eq!(json["resources"].as_array().unwrap().len(), 0);
}

#[test]
fn an_edge_shows_how_many_events_a_call_emits() {
    #[derive(Event)]
    struct Passed;

    #[handler(emits = Passed)]
    async fn one(_n: u32, cx: &Cx) {
        cx.emit(Passed);
    }

    #[handler(emits = Passed)]
    async fn perhaps(n: u32, cx: &Cx) {
        if n > 0 {
            cx.emit(Passed);
        }
    }

    #[handler(emits = Passed)]
    async fn every_n(n: u32, cx: &Cx) {
        for _ in 0..n {
            cx.emit(Passed);
        }
    }

    #[handler(emits = Passed)]
    async fn some(n: u32, cx: &Cx) {
        cx.emit(Passed);
        for _ in 0..n {
            cx.emit(Passed);
        }
    }

    #[handler(emits = Passed)]
    async fn elsewhere(n: u32, cx: &Cx) {
        (0..n).for_each(|_| cx.emit(Passed));
    }

    #[handler]
    async fn note() {}

    let drawn = [
        flow! { start(u32) -> one; when Passed -> note }.graph(),
        flow! { start(u32) -> perhaps; when Passed -> note }.graph(),
        flow! { start(u32) -> every_n; when Passed -> note }.graph(),
        flow! { start(u32) -> some; when Passed -> note }.graph(),
        flow! { start(u32) -> elsewhere; when Passed -> note }.graph(),
    ];
    let edges = drawn.map(|graph| {
        let picture = graph.to_mermaid();
        let edge = picture.lines().find(|line| line.ends_with(" e_Passed"));
        edge.unwrap().trim().to_owned()
    });
    assert_eq!(
        edges,
        [
            "h_one --> e_Passed",
            r#"h_perhaps -->|"?"| e_Passed"#,
            r##"h_every_n -->|"#42;"| e_Passed"##,
            r##"h_some -->|"#43;"| e_Passed"##,
            "h_elsewhere --> e_Passed",
        ]
    );
}

#[test]
fn an_edge_shows_that_a_call_emits_one_of_several_events() {
    #[derive(Event)]
    struct Passed;
    #[derive(Event)]
    struct Failed;
    #[derive(Event)]
    struct Noted;

    #[handler(emits = [Passed, Failed, Noted])]
    async fn check(n: u32, cx: &Cx) {
        match n {
            0 => cx.emit(Failed),
            _ => cx.emit(Passed),
        }
        cx.emit(Noted);
    }

    #[handler(emits = [Passed, Failed])]
    async fn either_or_none(n: u32, cx: &Cx) {
        match n {
            0 => {}
            1 => cx.emit(Failed),
            _ => cx.emit(Passed),
        }
    }

    #[handler(emits = [Passed, Failed])]
    async fn either_or_both(n: u32, cx: &Cx) {
        if n < 2 {
            cx.emit(Failed);
        }
        if n > 0 {
            cx.emit(Passed);
        }
    }

    #[handler]
    async fn note() {}

    let emitted = |picture: String| {
        let edges = picture.lines().filter(|line| line.contains(" e_"));
        let edges = edges.filter(|line| line.starts_with("    h_"));
        edges.map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    let flow = flow! { start(u32) -> check; when Passed | Failed | Noted -> note };
    assert_eq!(
        emitted(flow.graph().to_mermaid()),
        [
            r#"h_check -->|"one of"| e_Passed"#,
            r#"h_check -->|"one of"| e_Failed"#,
            "h_check --> e_Noted",
        ]
    );
    assert_eq!(
        emitted(flow.graph().to_dot()),
        [
            r#"h_check -> e_Passed [label="one of"]"#,
            r#"h_check -> e_Failed [label="one of"]"#,
            "h_check -> e_Noted",
        ]
    );
    let flow = flow! { start(u32) -> either_or_none; when Passed | Failed -> note };
    assert_eq!(
        emitted(flow.graph().to_mermaid()),
        [
            r#"h_either_or_none -->|"?"| e_Passed"#,
            r#"h_either_or_none -->|"?"| e_Failed"#,
        ]
    );
    let flow = flow! { start(u32) -> either_or_both; when Passed | Failed -> note };
    assert_eq!(
        emitted(flow.graph().to_mermaid()),
        [
            r#"h_either_or_both -->|"?"| e_Passed"#,
            r#"h_either_or_both -->|"?"| e_Failed"#,
        ]
    );
}

/// A parser of DOT that does not need Graphviz to be installed.
#[test]
fn dot_can_be_read_and_drawn() {
    for graph in DRAWN {
        let dot = graph.to_dot();
        let parsed = DotParser::new(&dot).process();
        let parsed = parsed.unwrap_or_else(|error| panic!("{error}: {dot}"));
        let mut builder = GraphBuilder::new();
        builder.visit_graph(&parsed);
        let mut svg = SVGWriter::new();
        builder.get().do_it(false, false, false, &mut svg);
        let svg = svg.finalize();
        for clause in graph.clauses {
            for handler in clause.handlers {
                assert!(svg.contains(handler.name), "no {} in {svg}", handler.name);
            }
        }
    }
}
