::core::compile_error! {
    "unknown key `onn`: did you mean `on`?"
}
#[allow(dead_code)]
#[allow(clippy::needless_lifetimes, clippy::unused_async)]
async fn stream_reply<__R: ::flow_core::Router>(
    input: UserInput,
    cx: &<Cx<__R, stream_reply> as ::flow_core::__private::Fallback>::Cx,
) {
    cx.put(input.0).await;
}
#[doc(hidden)]
#[repr(C)]
enum stream_reply {
    #[doc(hidden)]
    Never(::flow_core::__private::Never<()>),
}
impl ::flow_core::Handler for stream_reply {
    type Item = ::flow_core::__private::String;
    type Itself = Self;
    type Cause = ::flow_core::__private::WithoutCause;
    type Value = <() as ::flow_core::__private::Outcome<false>>::Value;
    type Error = ::flow_core::BoxError;
    const DESC: ::flow_core::__private::HandlerDesc = ::flow_core::__private::HandlerDesc::BROKEN;
    fn call<__R: ::flow_core::Router, __I: ::core::marker::Send + 'static>(
        _: __I,
        _: &::flow_core::Cx<__R, Self>,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<Self::Value, Self::Error>,
    > + ::core::marker::Send {
        async { ::flow_core::__private::unexpected() }
    }
}
impl<__G: ::flow_core::__private::Graph> ::flow_core::__private::RunsIn<__G>
for stream_reply {
    fn item<__T: 'static>(
        _: &mut ::core::option::Option<__T>,
    ) -> ::core::option::Option<<__G as ::flow_core::__private::Graph>::Item> {
        ::core::option::Option::None
    }
}
impl<__G> ::flow_core::__private::Needs<__G> for stream_reply {}
impl<__E> ::flow_core::__private::On<__E> for stream_reply {
    type Parameter = __E;
    type Input = __E;
}
impl<__I> ::flow_core::__private::Accepts<__I> for stream_reply {
    type Parameter = __I;
}
