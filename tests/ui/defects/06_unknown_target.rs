// An edge to a step that does not exist: the name is misspelt.
use flow_core::{flow, handler};

enum Route {
    Refund(u32),
    Complaint(String),
}

#[handler]
async fn classify(mail: String) -> Route {
    match mail.parse() {
        Ok(cents) => Route::Refund(cents),
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
            Route::Complaint(mail) => apologize,
        } -> end
    };
}
