//! The choice of the model.

use std::fmt::Write;

use crate::run::{Ended, PROMPT, example, run};
use crate::script::{Script, Server};

/// A server that lists these models.
async fn lists(names: &[&str]) -> Server {
    let mut models = String::new();
    for name in names {
        write!(models, r#"{{"id":"{name}"}},"#).unwrap();
    }
    let body = format!(r#"{{"data":[{}]}}"#, models.trim_end_matches(','));
    let json = "Content-Type: application/json\r\n";
    Server::start([Script::answer("200 OK", json, &body)]).await
}

async fn chat(settings: &[(&str, &str)]) -> Ended {
    let mut command = example("chat");
    command.envs(settings.iter().copied());
    run(command, "").await
}

/// The model in the first line of a chat with these settings.
async fn talking_to(settings: &[(&str, &str)]) -> String {
    let ended = chat(settings).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let (first, rest) = ended.stdout.split_once('\n').unwrap();
    assert_eq!(rest, format!("\n{PROMPT}\n"));
    let model = first.strip_prefix("Talking to ").unwrap();
    let settings = "; set OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL to choose another.";
    model.strip_suffix(settings).unwrap().to_owned()
}

const OFFLINE: &str = "the built-in offline model, which follows a few rules";

#[tokio::test]
async fn without_settings_and_without_an_ollama_the_offline_model_talks() {
    assert_eq!(talking_to(&[]).await, OFFLINE);
    assert_eq!(talking_to(&[("OPENAI_BASE_URL", " ")]).await, OFFLINE);
}

#[tokio::test]
async fn an_ollama_talks_with_its_first_model() {
    let ollama = lists(&["a", "b"]).await;
    let host = ollama.address().to_string();
    let model = talking_to(&[("OLLAMA_HOST", &host)]).await;
    assert_eq!(model, format!("a at {}", ollama.base_url()));
}

#[tokio::test]
async fn an_ollama_talks_with_the_model_that_is_named() {
    let ollama = lists(&["a", "b"]).await;
    let host = ollama.address().to_string();
    let model = talking_to(&[("OLLAMA_HOST", &host), ("OPENAI_MODEL", "b")]).await;
    assert_eq!(model, format!("b at {}", ollama.base_url()));
}

#[tokio::test]
async fn an_ollama_without_models_leaves_the_offline_model() {
    let host = lists(&[]).await.address().to_string();
    assert_eq!(talking_to(&[("OLLAMA_HOST", &host)]).await, OFFLINE);
}

#[tokio::test]
async fn an_address_without_a_model_takes_the_first_that_the_server_lists() {
    let server = lists(&["served"]).await;
    let model = talking_to(&[("OPENAI_BASE_URL", &server.base_url())]).await;
    assert_eq!(model, format!("served at {}", server.base_url()));
}

#[tokio::test]
async fn a_given_address_and_model_are_used_without_a_request() {
    let server = Server::start([]).await;
    let address = server.base_url();
    let model = talking_to(&[("OPENAI_BASE_URL", &address), ("OPENAI_MODEL", "m")]).await;
    assert_eq!(model, format!("m at {address}"));
}

#[tokio::test]
async fn a_server_that_lists_no_models_asks_for_a_name() {
    for script in [
        Script::answer("404 Not Found", "", ""),
        Script::answer("200 OK", "", r#"{"data":null}"#),
    ] {
        let server = Server::start([script]).await;
        let ended = chat(&[("OPENAI_BASE_URL", &server.base_url())]).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
        assert!(ended.stderr.contains("OPENAI_MODEL"), "{ended:?}");
    }
}

#[cfg(not(feature = "https"))]
#[tokio::test]
async fn a_key_alone_means_openai_and_so_https() {
    let ended = chat(&[("OPENAI_API_KEY", "k")]).await;
    let error = "\n[error] `https://api.openai.com/v1` needs https, which this program was built \
        without: add `--features https` to the command.\n";
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), error));
}

#[cfg(feature = "https")]
#[tokio::test]
async fn a_key_alone_means_openai() {
    let model = talking_to(&[("OPENAI_API_KEY", "k")]).await;
    assert_eq!(model, "gpt-4o-mini at https://api.openai.com/v1");
}
