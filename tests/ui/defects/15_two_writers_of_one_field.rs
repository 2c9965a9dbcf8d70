// Two branches read the same field, wait, and write it.
use flow_core::{State, flow, handler};

#[derive(Default)]
struct Report {
    text: String,
}

async fn ask(about: &str) -> String {
    tokio::task::yield_now().await;
    about.to_owned()
}

#[handler]
async fn summarise(topic: String, report: State<Report>) {
    let text = report.with(|report| report.text.clone());
    let summary = ask(&topic).await;
    report.with(|report| report.text = text + &summary);
}

#[handler]
async fn criticise(topic: String, report: State<Report>) {
    let text = report.with(|report| report.text.clone());
    let critique = ask(&topic).await;
    report.with(|report| report.text = text + &critique);
}

#[handler]
async fn publish(_: ((), ()), report: State<Report>) -> String {
    report.with(|report| report.text.clone())
}

fn main() {
    let _ = flow! {
        sound;
        state Report;
        start(String) -> (summarise, criticise) -> publish -> end
    };
}
