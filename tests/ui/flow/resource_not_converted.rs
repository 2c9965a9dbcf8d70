// A resource that implements the trait, where the flow declares a trait object.
use std::sync::Arc;

use flow_core::{Cx, Res, flow, handler};

trait Llm: Send + Sync {
    fn ask(&self) -> String;
}

struct OpenAi;

impl Llm for OpenAi {
    fn ask(&self) -> String {
        String::new()
    }
}

type Model = Arc<dyn Llm>;

struct Tools;

#[handler]
async fn reply(cx: &Cx, llm: Res<dyn Llm>) {
    cx.put(llm.ask()).await;
}

#[handler]
async fn reply_with(cx: &Cx, llm: Res<Model>, _tools: Res<Tools>) {
    cx.put(llm.ask()).await;
}

fn main() {
    let chat = flow! { with dyn Llm; start -> reply }.with_arc(Arc::new(OpenAi));
    let _ = chat.stream(());

    let chat = flow! { with dyn Llm; start -> reply }.with(OpenAi);
    let _ = chat.stream(());

    let chat = flow! { with Tools; with Model; start -> reply_with }
        .with(Arc::new(OpenAi))
        .with(Tools);
    let _ = chat.stream(());
}
