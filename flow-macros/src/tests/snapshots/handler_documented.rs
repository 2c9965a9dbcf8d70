/// Answers.
/**
- Takes `Input`, made of `UserInput`, `Review`
- Emits `Loop`
- Streams `Token`*/
#[allow(rustdoc::private_intra_doc_links)]
pub async fn stream_reply(
    text: Input,
    cx: &::flow_core::__private::documented::Cx,
    llm: Res<Llm>,
) -> Result<()> {
    ::flow_core::__private::unexpected()
}
