//! Resources that are trait objects.

use std::sync::Arc;

use flow_core::testing::Recorder;
use flow_core::{Cx, Res, flow, handler};

trait Llm: Send + Sync {
    fn ask(&self, question: &str) -> String;
}

struct Echo;

impl Llm for Echo {
    fn ask(&self, question: &str) -> String {
        question.to_owned()
    }
}

struct Prefix(&'static str);

impl Llm for Prefix {
    fn ask(&self, question: &str) -> String {
        format!("{}{question}", self.0)
    }
}

struct Shout;

impl Llm for Shout {
    fn ask(&self, question: &str) -> String {
        question.to_uppercase()
    }
}

#[handler]
async fn reply(question: String, cx: &Cx, llm: Res<dyn Llm>) -> String {
    cx.put(llm.ask(&question)).await;
    question
}

#[handler]
async fn address(_question: String, llm: Res<dyn Llm>) -> usize {
    std::ptr::from_ref(&*llm).cast::<u8>().addr()
}

flow! {
    flow Chat(String) -> String;
    with dyn Llm;
    start -> reply -> end;
}

fn chosen(loud: bool) -> Arc<dyn Llm> {
    if loud {
        Arc::new(Shout)
    } else {
        Arc::new(Echo)
    }
}

#[test]
fn the_program_chooses_the_type_behind_a_trait_object() {
    for (loud, answer) in [(false, "hello"), (true, "HELLO")] {
        let chat = flow! { with dyn Llm; start(String) -> reply -> ignore }.with_arc(chosen(loud));
        let items: Vec<_> = chat.blocking_iter("hello".to_owned()).collect();
        assert_eq!(
            items.into_iter().collect::<Result<Vec<_>, _>>().unwrap(),
            [answer]
        );
    }
}

#[test]
fn a_stage_that_is_a_flow_gets_the_trait_object_of_its_outer_flow() {
    let outer = flow! { with dyn Llm; start(String) -> Chat -> ignore };
    let outer = outer.with_arc(chosen(true));
    let items: Vec<_> = outer.blocking_iter("hello".to_owned()).collect();
    assert_eq!(
        items.into_iter().collect::<Result<Vec<_>, _>>().unwrap(),
        ["HELLO"]
    );
}

#[tokio::test]
async fn a_resource_that_is_given_in_an_arc_is_not_moved() {
    let llm: Arc<dyn Llm> = Arc::new(Prefix("re: "));
    let place = Arc::as_ptr(&llm).cast::<u8>().addr();
    let flow = flow! { with dyn Llm; start(String) -> address -> end }.with_arc(llm);
    assert_eq!(flow.run(String::new()).await.unwrap(), place);
}

#[tokio::test]
async fn a_unit_test_passes_the_trait_object_itself() {
    let recorder = Recorder::new();
    reply("hello".to_owned(), &recorder.cx(), Res::from(chosen(true))).await;
    assert_eq!(recorder.items::<String>(), ["HELLO"]);
}

#[test]
fn a_replacement_gets_the_trait_object() {
    let flow = flow! { with dyn Llm; start(String) -> reply -> ignore }.with_arc(chosen(true));
    let flow = flow.replace::<reply>().by(async |question: String, cx| {
        let answer = cx.resource::<dyn Llm>().ask(&question);
        cx.put(format!("instead: {answer}")).await;
        question
    });
    let items: Vec<_> = flow.blocking_iter("hello".to_owned()).collect();
    let items: Result<Vec<_>, _> = items.into_iter().collect();
    assert_eq!(items.unwrap(), ["instead: HELLO"]);
}
