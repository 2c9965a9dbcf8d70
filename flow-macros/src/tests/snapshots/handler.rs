#[cfg_attr(
    doc,
    ::flow_core::__private::document_handler(on = "UserInput", emits = "Loop")
)]
/// Answers.
#[allow(clippy::needless_lifetimes, clippy::unused_async)]
pub async fn stream_reply<'move_a_cx_clone_into_tasks, __R: ::flow_core::Router>(
    UserInput(question): UserInput,
    cx: &'move_a_cx_clone_into_tasks Cx<__R, stream_reply>,
    llm: Res<Llm>,
) -> Result<()> {
    cx.put(llm.ask(question)).await;
    Ok(())
}
#[cfg_attr(
    not(doctest),
    doc = "```rust\npub async fn stream_reply(\n    UserInput(question): UserInput,\n    cx: &Cx,\n    llm: Res<Llm>,\n) -> Result<()>\n```\n\nAnswers.\n\n- Takes `UserInput`\n- Emits `Loop`\n- Streams `String`"
)]
#[doc(hidden)]
#[repr(C)]
pub enum stream_reply<__T = (Result<()>, UserInput, Loop)> {
    #[doc(hidden)]
    Never(::flow_core::__private::Never<__T>),
}
#[automatically_derived]
impl ::flow_core::Handler for stream_reply {
    type Item = ::flow_core::__private::String;
    type Itself = Self;
    type Cause = ::flow_core::__private::WithoutCause;
    type Value = <Result<
        (),
    > as ::flow_core::__private::Outcome<
        {
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<Result<()>>::FALLIBLE
        },
    >>::Value;
    type Error = <Result<
        (),
    > as ::flow_core::__private::Outcome<
        {
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<Result<()>>::FALLIBLE
        },
    >>::Error;
    const DESC: ::flow_core::__private::HandlerDesc = ::flow_core::__private::HandlerDesc::new(
            "stream_reply",
            "Answers.",
            ::flow_core::__private::Location::new(
                ::core::file!(),
                ::core::line!(),
                ::core::column!(),
            ),
            &[<UserInput as ::flow_core::Event>::DESC],
            &[<Loop as ::flow_core::Event>::DESC],
            {
                use ::flow_core::__private::Infallible as _;
                ::flow_core::__private::Probe::<Result<()>>::FALLIBLE
            },
        )
        .errors({
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<Result<()>>::FAILS
        })
        .success(
            &[
                ::flow_core::__private::Alternative::new(
                        &[::flow_core::__private::Count::exactly(0u32)],
                    )
                    .waits(),
            ],
        )
        .calls();
    #[inline]
    fn call<__R: ::flow_core::Router, __I: ::core::marker::Send + 'static>(
        __input: __I,
        __cx: &::flow_core::Cx<__R, Self>,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<Self::Value, Self::Error>,
    > + ::core::marker::Send {
        let mut __arrived = ::core::option::Option::Some(__input);
        let __input = ::core::option::Option::<UserInput>::None;
        let __input = match __input {
            ::core::option::Option::None => {
                ::flow_core::__private::input::<UserInput, __I>(&mut __arrived)
            }
            __some => __some,
        };
        async move {
            let _ = __cx;
            let ::core::option::Option::Some(__input) = __input else {
                ::flow_core::__private::unexpected()
            };
            let __returned: Result<()> = stream_reply(
                    __input,
                    __cx,
                    ::flow_core::Cx::declared_resource::<Llm>(__cx),
                )
                .await;
            <Result<
                (),
            > as ::flow_core::__private::Outcome<
                {
                    use ::flow_core::__private::Infallible as _;
                    ::flow_core::__private::Probe::<Result<()>>::FALLIBLE
                },
            >>::into_result(__returned)
        }
    }
}
#[automatically_derived]
impl<__G> ::flow_core::__private::RunsIn<__G> for stream_reply
where
    __G: ::flow_core::__private::Graph,
    __G: ::flow_core::__private::StreamsItem<
        ::flow_core::__private::String,
        stream_reply,
    >,
{
    #[inline]
    fn item<__T: 'static>(
        __item: &mut ::core::option::Option<__T>,
    ) -> ::core::option::Option<<__G as ::flow_core::__private::Graph>::Item> {
        ::core::option::Option::map(
            ::flow_core::__private::input::<::flow_core::__private::String, __T>(__item),
            <__G as ::flow_core::__private::StreamsItem<
                ::flow_core::__private::String,
                stream_reply,
            >>::convert,
        )
    }
}
#[automatically_derived]
impl<__G> ::flow_core::__private::Needs<__G> for stream_reply
where
    __G: ::flow_core::__private::HasResource<Llm>,
{}
#[automatically_derived]
impl ::flow_core::__private::On<UserInput> for stream_reply {
    type Parameter = UserInput;
    type Input = UserInput;
}
#[automatically_derived]
impl<__I> ::flow_core::__private::Accepts<__I> for stream_reply {
    type Parameter = UserInput;
}
#[automatically_derived]
impl ::flow_core::__private::EmitsAt<1u8> for stream_reply {
    type Event = Loop;
}
#[automatically_derived]
impl ::flow_core::Emits<Loop> for stream_reply {
    const ONLY_THE_HANDLER_ATTRIBUTE_IMPLEMENTS_THIS: () = ();
}
#[automatically_derived]
impl ::flow_core::Streams<::flow_core::__private::String> for stream_reply {
    const ONLY_THE_HANDLER_ATTRIBUTE_IMPLEMENTS_THIS: () = ();
}
#[automatically_derived]
impl ::flow_core::__private::HasParameter<::flow_core::Res<Llm>> for stream_reply {}
const _: () = <::flow_core::__private::Defect<
    1,
> as ::flow_core::__private::EmittedInBody<
    stream_reply,
    <stream_reply as ::flow_core::__private::EmitsAt<1u8>>::Event,
>>::OK;
