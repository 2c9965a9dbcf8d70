//! Values that are too large to be kept.

use flow_core::durable::{HostOptions, MemoryStore, RequestError, Status};
use flow_core::{flow, handler};

#[handler]
async fn repeat(times: String) -> flow_core::Result<String> {
    Ok("x".repeat(times.parse()?))
}

#[handler]
async fn length(text: String) -> usize {
    text.len()
}

flow! {
    flow Repeats(String) -> usize;
    durable;
    start -> repeat -> length -> end;
}

#[tokio::test(start_paused = true)]
async fn an_execution_with_a_value_that_is_too_large_waits_for_a_higher_limit() {
    let store = MemoryStore::new();
    let host = HostOptions::new().max_value(1000).open(store.clone());
    let repeats = host.register(Repeats::new());
    let fits = repeats.start("fits", "1000".to_owned()).await.unwrap();
    assert_eq!(fits.output().await.unwrap(), 1000);
    let large = repeats.start("large", "2000".to_owned()).await.unwrap();
    let error = large.output().await.unwrap_err();
    let RequestError::Blocked { reason } = error else {
        panic!("{error}");
    };
    let reason = std::error::Error::source(&reason).unwrap().to_string();
    assert!(
        reason.starts_with("the result of `repeat` has 2")
            && reason.ends_with(
                "bytes, and a value of a durable flow may have 1000: keep it elsewhere and return \
                 where it is, or raise `max_value`"
            ),
        "{reason}"
    );
    let listed = repeats.by_id().list().unwrap().stuck();
    assert_eq!(listed.len(), 1);
    assert!(matches!(listed[0].status, Status::Blocked { .. }));
    drop((host, repeats, fits, large));

    let host = HostOptions::new().max_value(3000).open(store.reopen());
    let repeats = host.register(Repeats::new());
    assert_eq!(repeats.get("large").output().await.unwrap(), 2000);
}

#[tokio::test(start_paused = true)]
async fn a_request_with_a_value_or_an_id_that_is_too_large_is_an_error_that_names_it() {
    let host = HostOptions::new().max_value(10).open(MemoryStore::new());
    let repeats = host.register(Repeats::new());
    let error = repeats.start("input", "9".repeat(20)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the input has 21 bytes, and may have 10: keep it elsewhere and send where it is, or raise \
         the limit"
    );
    let id = "i".repeat(2000);
    let error = repeats.start(&id, "1".to_owned()).await.unwrap_err();
    assert!(error.to_string().starts_with("the id has 2000 bytes"));
    let error = repeats.get("input").status().await.unwrap_err();
    assert!(matches!(error, RequestError::NotFound { .. }));
}
