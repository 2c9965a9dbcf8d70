//! `kill -9` in the middle of a charge, of a wait and of a stream, as the README does it.

use serde_json::json;

use crate::program::{Pace, Program, bank, bank_has, texts};

#[tokio::test]
async fn in_the_middle_of_a_charge_it_is_charged_once() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let program = Program::start(directory, Pace::ForEver).await;
    program.order("42", "book", 1200).await;
    bank_has(directory, 1).await;
    program.kill().await;

    // Nobody asks for it again. The bank knows the key.
    let program = Program::start(directory, Pace::AtOnce).await;
    let items = program.items("42", None).await.rest().await;
    let receipt = json!({
        "outcome": "shipped",
        "customer": "Ada",
        "cents": 6100,
        "parcels": ["lamp", "book"],
    });
    assert_eq!(items.last().unwrap().data["output"], receipt);
    assert_eq!(
        texts(&items),
        [
            "charged",
            "packing lamp",
            "packed lamp",
            "packing book",
            "packed book",
            "end"
        ]
    );
    let written = [
        "asked: charge 6100",
        "asked: charge 6100",
        "done: charge 6100",
    ];
    assert_eq!(bank(directory), (1, written.map(str::to_owned).into()));

    // The client did not hear that its order was taken, and sends it again.
    program.order("42", "book", 1200).await;
    assert_eq!(program.status("42").await["output"], receipt);
    assert_eq!(bank(directory).1.len(), 3);
}

#[tokio::test]
async fn in_the_middle_of_a_wait_the_question_waits_on() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let program = Program::start(directory, Pace::AtOnce).await;
    program.order("42", "desk", 39_900).await;
    let asked = program.asked("42").await;
    assert_eq!(asked["name"], "Approve");
    assert_eq!(asked["question"]["cents"], 44_800);
    program.kill().await;

    let program = Program::start(directory, Pace::ForEver).await;
    // With its number and its deadline.
    assert_eq!(program.asked("42").await, asked);
    program.approve("42", 0).await;
    program.kill().await;

    let program = Program::start(directory, Pace::AtOnce).await;
    program.approve("42", 0).await;
    let items = program.items("42", None).await.rest().await;
    let receipt = &items.last().unwrap().data["output"];
    assert_eq!(receipt["outcome"], "shipped");
    let written = ["asked: charge 44800", "done: charge 44800"];
    assert_eq!(bank(directory), (1, written.map(str::to_owned).into()));
}

#[tokio::test]
async fn in_the_middle_of_a_stream_the_reader_goes_on_where_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    // So that nothing but the parcels takes long.
    let program = Program::start(directory, Pace::AtOnce).await;
    program.order("42", "desk", 39_900).await;
    program.asked("42").await;
    program.kill().await;
    let program = Program::start(directory, Pace::ForEver).await;
    program.approve("42", 0).await;
    let mut items = program.items("42", None).await;
    let mut seen = items.until("packing lamp").await;
    assert_eq!(texts(&seen), ["charged", "asked", "packing lamp"]);
    program.kill().await;
    assert_eq!(items.next().await, None);

    let program = Program::start(directory, Pace::AtOnce).await;
    let last = seen.last().unwrap().position.clone();
    seen.extend(program.items("42", last.as_deref()).await.rest().await);
    assert_eq!(
        texts(&seen),
        [
            "charged",
            "asked",
            "packing lamp",
            "restarted pack",
            "packing lamp",
            "packed lamp",
            "packing desk",
            "packed desk",
            "end"
        ]
    );
    // A reader that comes late sees the same.
    assert_eq!(program.items("42", None).await.rest().await, seen);
}
