#[cfg_attr(doc, ::flow_core::__private::document_handler(concurrency(4, shared)))]
#[allow(clippy::needless_lifetimes, clippy::unused_async)]
async fn fetch(question: String) -> String {
    question
}
#[cfg_attr(
    not(doctest),
    doc = "```rust\nasync fn fetch(question: String) -> String\n```\n\n- Takes `String`"
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
    type Value = <String as ::flow_core::__private::Outcome<
        {
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<String>::FALLIBLE
        },
    >>::Value;
    type Error = <String as ::flow_core::__private::Outcome<
        {
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<String>::FALLIBLE
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
            &[],
            &[],
            {
                use ::flow_core::__private::Infallible as _;
                ::flow_core::__private::Probe::<String>::FALLIBLE
            },
        )
        .errors({
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<String>::FAILS
        })
        .success(&[::flow_core::__private::Alternative::new(&[])])
        .shared_concurrency(4usize);
    #[inline]
    fn call<__R: ::flow_core::Router, __I: ::core::marker::Send + 'static>(
        __input: __I,
        __cx: &::flow_core::Cx<__R, Self>,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<Self::Value, Self::Error>,
    > + ::core::marker::Send {
        static __PERMITS: ::flow_core::__private::SharedPermits = ::flow_core::__private::SharedPermits::new(
            4usize,
        );
        let mut __arrived = ::core::option::Option::Some(__input);
        let __input = ::core::option::Option::<String>::None;
        let __input = match __input {
            ::core::option::Option::None => {
                ::flow_core::__private::input::<String, __I>(&mut __arrived)
            }
            __some => __some,
        };
        async move {
            let _ = __cx;
            let ::core::option::Option::Some(__input) = __input else {
                ::flow_core::__private::unexpected()
            };
            ::flow_core::__private::in_turn_of_all(
                    __cx,
                    &__PERMITS,
                    async move {
                        let __returned: String = fetch(__input).await;
                        <String as ::flow_core::__private::Outcome<
                            {
                                use ::flow_core::__private::Infallible as _;
                                ::flow_core::__private::Probe::<String>::FALLIBLE
                            },
                        >>::into_result(__returned)
                    },
                )
                .await
        }
    }
}
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
impl<__G> ::flow_core::__private::Needs<__G> for fetch {}
#[automatically_derived]
impl<__I> ::flow_core::__private::On<__I> for fetch {
    type Parameter = String;
    type Input = __I;
}
#[automatically_derived]
impl<__I> ::flow_core::__private::Accepts<__I> for fetch {
    type Parameter = String;
}
