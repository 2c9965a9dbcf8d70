#[cfg_attr(
    doc,
    ::flow_core::__private::document_handler(
        on = "Ask",
        timeout = "1m 30s",
        retry(attempts = 3, backoff = "250ms", max = "10s", if = is_transient),
        concurrency = 4
    )
)]
#[allow(clippy::needless_lifetimes, clippy::unused_async)]
async fn fetch(Ask(question): Ask, llm: Res<Llm>) -> Result<String> {
    llm.ask(question).await
}
#[cfg_attr(
    not(doctest),
    doc = "```rust\nasync fn fetch(Ask(question): Ask, llm: Res<Llm>) -> Result<String>\n```\n\n- Takes `Ask`"
)]
#[doc(hidden)]
#[repr(C)]
enum fetch {
    #[doc(hidden)]
    Never(::flow_core::__private::Never<()>),
}
#[automatically_derived]
impl ::flow_core::Handler for fetch {
    type Item = ::flow_core::__private::NoItems;
    type Itself = Self;
    type Cause = ::flow_core::__private::WithoutCause;
    type Value = <Result<
        String,
    > as ::flow_core::__private::Outcome<
        {
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<Result<String>>::FALLIBLE
        },
    >>::Value;
    type Error = <Result<
        String,
    > as ::flow_core::__private::Outcome<
        {
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<Result<String>>::FALLIBLE
        },
    >>::Error;
    const DESC: ::flow_core::__private::HandlerDesc = ::flow_core::__private::HandlerDesc::new(
            "fetch",
            "",
            ::flow_core::__private::Location::new(
                ::core::file!(),
                ::core::line!(),
                ::core::column!(),
            ),
            &[<Ask as ::flow_core::Event>::DESC],
            &[],
            {
                use ::flow_core::__private::Infallible as _;
                ::flow_core::__private::Probe::<Result<String>>::FALLIBLE
            },
        )
        .errors({
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<Result<String>>::FAILS
        })
        .success(&[::flow_core::__private::Alternative::new(&[]).waits()])
        .failure(
            &[::flow_core::__private::Alternative::new(&[]).waits()],
            &[::flow_core::__private::Alternative::new(&[]).waits()],
        )
        .timeout(::core::time::Duration::new(90u64, 0u32))
        .silent()
        .attempts(3u32)
        .concurrency(4usize, ::core::any::TypeId::of::<Self>);
    #[inline]
    fn call<__R: ::flow_core::Router, __I: ::core::marker::Send + 'static>(
        __input: __I,
        __cx: &::flow_core::Cx<__R, Self>,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<Self::Value, Self::Error>,
    > + ::core::marker::Send {
        fn __timed_out(
            __timed_out: ::flow_core::TimedOut,
        ) -> <Result<
            String,
        > as ::flow_core::__private::Outcome<
            {
                use ::flow_core::__private::Infallible as _;
                ::flow_core::__private::Probe::<Result<String>>::FALLIBLE
            },
        >>::Error {
            ::flow_core::__private::timed_out::<fetch, _>(__timed_out)
        }
        const __AGAIN: fn(&Ask) -> Ask = <Ask as ::flow_core::__private::CloneForRetry<
            fetch,
        >>::again;
        fn __is_worth_it(
            __error: &<Result<
                String,
            > as ::flow_core::__private::Outcome<
                {
                    use ::flow_core::__private::Infallible as _;
                    ::flow_core::__private::Probe::<Result<String>>::FALLIBLE
                },
            >>::Error,
        ) -> ::core::primitive::bool {
            is_transient(__error)
        }
        let mut __arrived = ::core::option::Option::Some(__input);
        let __input = ::core::option::Option::<Ask>::None;
        let __input = match __input {
            ::core::option::Option::None => {
                ::flow_core::__private::input::<Ask, __I>(&mut __arrived)
            }
            __some => __some,
        };
        async move {
            let _ = __cx;
            let ::core::option::Option::Some(__input) = __input else {
                ::flow_core::__private::unexpected()
            };
            ::flow_core::__private::retry(
                    __cx,
                    const {
                        ::flow_core::__private::Pauses::new()
                            .backoff(::core::time::Duration::new(0u64, 250000000u32))
                            .max(::core::time::Duration::new(10u64, 0u32))
                    },
                    __input,
                    __AGAIN,
                    __is_worth_it,
                    move |__input: Ask, __cx| async move {
                        let __cx = &__cx;
                        ::flow_core::__private::in_turn(
                                __cx,
                                ::flow_core::__private::within(
                                    __cx,
                                    __timed_out,
                                    async move {
                                        let __returned: Result<String> = fetch(
                                                __input,
                                                ::flow_core::Cx::declared_resource::<Llm>(__cx),
                                            )
                                            .await;
                                        <Result<
                                            String,
                                        > as ::flow_core::__private::Outcome<
                                            {
                                                use ::flow_core::__private::Infallible as _;
                                                ::flow_core::__private::Probe::<Result<String>>::FALLIBLE
                                            },
                                        >>::into_result(__returned)
                                    },
                                ),
                            )
                            .await
                    },
                )
                .await
        }
    }
}
#[automatically_derived]
impl ::flow_core::__private::HasTimeout for fetch {}
#[automatically_derived]
impl ::flow_core::__private::HasRetry for fetch {}
#[automatically_derived]
impl ::flow_core::__private::HasConcurrency for fetch {}
#[automatically_derived]
impl<__G> ::flow_core::__private::RunsIn<__G> for fetch
where
    __G: ::flow_core::__private::Graph,
{
    #[inline]
    fn item<__T: 'static>(
        __item: &mut ::core::option::Option<__T>,
    ) -> ::core::option::Option<<__G as ::flow_core::__private::Graph>::Item> {
        let _ = __item;
        ::core::option::Option::None
    }
}
#[automatically_derived]
impl<__G> ::flow_core::__private::Needs<__G> for fetch
where
    __G: ::flow_core::__private::HasResource<Llm>,
{}
#[automatically_derived]
impl ::flow_core::__private::On<Ask> for fetch {
    type Parameter = Ask;
    type Input = Ask;
}
#[automatically_derived]
impl<__I> ::flow_core::__private::Accepts<__I> for fetch {
    type Parameter = Ask;
}
#[automatically_derived]
impl ::flow_core::__private::HasParameter<::flow_core::Res<Llm>> for fetch {}
