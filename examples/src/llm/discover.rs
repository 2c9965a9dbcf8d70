//! Which model to talk to, from the environment and from what runs locally.

use std::time::Duration;

use tokio::time::timeout;

use super::Llm;
use super::endpoint::{Endpoint, Limits};
use super::error::LlmError;

const OPENAI: &str = "https://api.openai.com/v1";
const OPENAI_MODEL: &str = "gpt-4o-mini";
const OLLAMA: &str = "http://127.0.0.1:11434/v1";
/// Small enough for a laptop, and good at conversation.
const PREFERRED_MODEL: &str = "qwen2.5:7b";
/// For servers that do not list their models; most such serve only one and
/// take any name for it.
const UNNAMED_MODEL: &str = "default";

/// How long a server may take to list its models.
const LISTING: Duration = Duration::from_secs(5);
/// A server on this machine accepts connections at once or not at all.
const LOCAL_CONNECT: Duration = Duration::from_millis(300);

/// What the environment says.
#[derive(Debug)]
pub(super) struct Settings {
    base_url: Option<String>,
    key: Option<String>,
    model: Option<String>,
    ollama: String,
}

impl Settings {
    pub(super) fn from_env() -> Self {
        // A value that is no text is taken too: it fails where that is told, instead of being ignored.
        Self::from_lookup(|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned()))
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        // An empty variable is how many tools unset one.
        let get = |name| {
            let value = lookup(name)?;
            Some(value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        Self {
            base_url: get("OPENAI_BASE_URL"),
            key: get("OPENAI_API_KEY"),
            model: get("OPENAI_MODEL"),
            ollama: OLLAMA.to_owned(),
        }
    }
}

pub(super) async fn from_settings(settings: &Settings) -> Result<Llm, LlmError> {
    let key = settings.key.as_deref();
    let model = settings.model.as_deref();
    match (settings.base_url.as_deref(), key) {
        (Some(address), key) => {
            let endpoint = Endpoint::new(address, key, Limits::default())?;
            let model = match model {
                Some(model) => model.to_owned(),
                None => choose_model(&endpoint).await?,
            };
            Ok(Llm::at(endpoint, &model))
        }
        (None, Some(key)) => Llm::new(OPENAI, Some(key), model.unwrap_or(OPENAI_MODEL)),
        (None, None) => local(&settings.ollama, model).await,
    }
}

/// A model of a server that was named without one.
async fn choose_model(endpoint: &Endpoint) -> Result<String, LlmError> {
    match timeout(LISTING, endpoint.models()).await {
        Ok(Ok(models)) => Ok(prefer(models).unwrap_or_else(|| UNNAMED_MODEL.to_owned())),
        // Some servers take chats and list nothing.
        Ok(Err(LlmError::NotFound { .. })) => Ok(UNNAMED_MODEL.to_owned()),
        Ok(Err(error)) if !error.server_is_usable() => Err(error),
        // Slow or troubled servers get their chance when the chat begins.
        Ok(Err(_)) | Err(_) => Ok(UNNAMED_MODEL.to_owned()),
    }
}

/// Ollama if it runs here, and the offline model otherwise.
async fn local(ollama: &str, model: Option<&str>) -> Result<Llm, LlmError> {
    let probe = Limits {
        connect: LOCAL_CONNECT,
        ..Limits::default()
    };
    let endpoint = Endpoint::new(ollama, None, probe)?;
    let note = match timeout(LISTING, endpoint.models()).await {
        Ok(Ok(models)) => match model.map(str::to_owned).or_else(|| prefer(models)) {
            Some(model) => return Ok(Llm::at(endpoint, &model)),
            None => "Ollama runs but has no model yet: try `ollama pull qwen2.5:7b`",
        },
        _ => "no Ollama answers on this machine",
    };
    let mut llm = Llm::offline().await?;
    llm.note = Some(note);
    Ok(llm)
}

fn prefer(models: Vec<String>) -> Option<String> {
    if models.iter().any(|model| model == PREFERRED_MODEL) {
        return Some(PREFERRED_MODEL.to_owned());
    }
    models.into_iter().next()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::StatusCode;
    use axum::routing::get;
    use tokio::net::TcpListener;

    use super::*;

    fn settings(values: &[(&str, &str)], ollama: &str) -> Settings {
        let lookup = |name: &str| {
            let (_, value) = values.iter().find(|(key, _)| *key == name)?;
            Some((*value).to_owned())
        };
        Settings {
            ollama: ollama.to_owned(),
            ..Settings::from_lookup(lookup)
        }
    }

    async fn server(status: StatusCode, models: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        let app = Router::new().route("/v1/models", get(move || async move { (status, models) }));
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }

    /// An address where nothing listens.
    async fn nobody() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/v1", listener.local_addr().unwrap())
    }

    async fn described(settings: Settings) -> String {
        from_settings(&settings).await.unwrap().describe()
    }

    #[tokio::test]
    async fn a_local_ollama_is_used_with_the_preferred_model() {
        let ollama = server(
            StatusCode::OK,
            r#"{"data":[{"id":"a"},{"id":"qwen2.5:7b"}]}"#,
        )
        .await;
        assert_eq!(
            described(settings(&[], &ollama)).await,
            format!(
                "Talking to qwen2.5:7b at {ollama}; set OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL to choose another."
            )
        );
    }

    #[tokio::test]
    async fn a_local_ollama_without_the_preferred_model_uses_its_first() {
        let ollama = server(StatusCode::OK, r#"{"data":[{"id":"a"},{"id":"b"}]}"#).await;
        assert!(
            described(settings(&[], &ollama))
                .await
                .starts_with("Talking to a at ")
        );
    }

    #[tokio::test]
    async fn a_model_in_the_environment_is_used_on_a_local_ollama() {
        let ollama = server(StatusCode::OK, r#"{"data":[{"id":"a"},{"id":"b"}]}"#).await;
        let settings = settings(&[("OPENAI_MODEL", "b")], &ollama);
        assert!(described(settings).await.starts_with("Talking to b at "));
    }

    #[tokio::test]
    async fn an_ollama_without_models_leaves_the_offline_model_and_says_so() {
        let ollama = server(StatusCode::OK, r#"{"object":"list","data":null}"#).await;
        let line = described(settings(&[], &ollama)).await;
        assert!(
            line.contains("offline model") && line.contains("ollama pull"),
            "{line}"
        );
    }

    #[tokio::test]
    async fn where_nothing_listens_the_offline_model_starts() {
        let line = described(settings(&[("OPENAI_BASE_URL", " ")], &nobody().await)).await;
        assert!(line.contains("offline model"), "{line}");
        assert!(
            line.contains("OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL"),
            "{line}"
        );
        assert!(!line.contains('\n'), "{line}");
    }

    #[tokio::test]
    async fn a_key_alone_means_openai() {
        let settings = settings(&[("OPENAI_API_KEY", "k")], "unused");
        let line = described(settings).await;
        assert!(
            line.starts_with("Talking to gpt-4o-mini at https://api.openai.com/v1;"),
            "{line}"
        );
    }

    #[tokio::test]
    async fn an_address_and_a_model_are_used_unasked() {
        let address = nobody().await;
        let values = [("OPENAI_BASE_URL", address.as_str()), ("OPENAI_MODEL", "m")];
        let line = described(settings(&values, "unused")).await;
        assert!(
            line.starts_with(&format!("Talking to m at {address};")),
            "{line}"
        );
    }

    #[tokio::test]
    async fn an_address_without_a_model_uses_the_first_the_server_lists() {
        let address = server(StatusCode::OK, r#"{"data":[{"id":"served"}]}"#).await;
        let line = described(settings(&[("OPENAI_BASE_URL", &address)], "unused")).await;
        assert!(line.starts_with("Talking to served at "), "{line}");
    }

    #[tokio::test]
    async fn a_server_that_lists_no_models_gets_a_name_it_can_ignore() {
        let address = server(StatusCode::NOT_FOUND, "").await;
        let line = described(settings(&[("OPENAI_BASE_URL", &address)], "unused")).await;
        assert!(line.starts_with("Talking to default at "), "{line}");
    }

    #[tokio::test]
    async fn a_named_server_that_refuses_is_an_error_and_not_replaced() {
        let address = nobody().await;
        let settings = settings(&[("OPENAI_BASE_URL", &address)], "unused");
        let error = from_settings(&settings).await.unwrap_err();
        assert!(matches!(error, LlmError::Refused { .. }), "{error}");
    }
}
