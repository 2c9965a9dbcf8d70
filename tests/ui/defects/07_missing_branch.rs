// A router with a result for which there is no branch.
use flow_core::{flow, handler};

enum Route {
    Refund(u32),
    Complaint(String),
    Unclear(String),
}

#[handler]
async fn classify(mail: String) -> Route {
    match mail.parse() {
        Ok(cents) => Route::Refund(cents),
        Err(_) if mail.is_empty() => Route::Unclear(mail),
        Err(_) => Route::Complaint(mail),
    }
}

#[handler]
async fn refund(cents: u32) -> String {
    format!("refunded {cents}")
}

#[handler]
async fn apologise(mail: String) -> String {
    format!("sorry for {mail}")
}

fn main() {
    let _ = flow! {
        start(String) -> classify -> match {
            Route::Refund(cents) => refund,
            Route::Complaint(mail) => apologise,
        } -> end
    };
}
