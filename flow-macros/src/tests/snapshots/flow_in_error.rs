fn main() {
    let flow = '_a_flow_outside_of_functions_begins_with_its_name: {
        ::flow_core::__private::for_editors! {
            fn __events() -> < ::flow_core::__private::AnEvent as
            ::flow_core::__private::Expected < _ >> ::Type {
            ::core::marker::PhantomData:: < (UserInput, Loop, UserInp,) > } fn
            __handlers() -> < ::flow_core::__private::AHandler as
            ::flow_core::__private::Expected < _ >> ::Type {
            ::core::marker::PhantomData:: < (get_input, stream_reply, get_input,) > } fn
            __types() { let _ = ::core::marker::PhantomData:: < () >; }
        }
        {
            enum __ThisFlow {}
            use ::flow_core::__private::BundleActivation as __BundleActivation;
            #[allow(clippy::large_enum_variant)]
            pub enum __Activation {
                Clause0(::flow_core::__private::Same<()>),
                Clause1(::flow_core::__private::Same<UserInput>),
                Clause2(::flow_core::__private::Same<Loop>),
            }
            type __Partners = ();
            #[allow(
                clippy::indexing_slicing,
                clippy::items_after_statements,
                clippy::large_stack_arrays,
                clippy::too_many_lines
            )]
            #[doc(hidden)]
            impl ::flow_core::__private::Graph for __ThisFlow {
                type Input = ();
                type Item = ::flow_core::__private::String;
                type Output = ();
                type Resources = ();
                type Activation = __Activation;
                type Partners = __Partners;
                const DESC: &'static ::flow_core::__private::GraphDesc = {
                    const __HANDLERS: &::flow_core::__private::HandlerTable<3usize> = &::flow_core::__private::HandlerTable::new(
                        ::core::file!(),
                        [
                            <get_input as ::flow_core::Handler>::DESC,
                            <stream_reply as ::flow_core::Handler>::DESC,
                            <get_input as ::flow_core::Handler>::DESC,
                        ],
                    );
                    &::flow_core::__private::GraphDesc::new(
                            "",
                            "",
                            ::flow_core::__private::Location::new(
                                ::core::file!(),
                                1u32,
                                1u32,
                            ),
                        )
                        .types("()", ::core::option::Option::None, "String")
                        .needs(&[], &[])
                        .wiring(
                            &[
                                __HANDLERS
                                    .single(
                                        ::flow_core::__private::TriggerDesc::Start,
                                        0usize,
                                        1u32,
                                        1u32,
                                    ),
                                __HANDLERS
                                    .when(
                                        <UserInput as ::flow_core::Event>::DESC,
                                        1usize,
                                        1u32,
                                        1u32,
                                    ),
                                __HANDLERS
                                    .when(
                                        <Loop as ::flow_core::Event>::DESC,
                                        2usize,
                                        1u32,
                                        1u32,
                                    ),
                            ],
                            &[],
                            &[],
                        )
                };
                const WAITS: &'static [::core::primitive::u64] = &::flow_core::__private::wait_ids::<
                    2usize,
                >(<Self as ::flow_core::__private::Graph>::DESC);
                #[inline]
                fn start(__input: ()) -> __Activation {
                    __Activation::Clause0(__input)
                }
                #[inline]
                fn states(__input: &(), __states: &mut ::flow_core::__private::TypeMap) {
                    let _ = (__input, &__states);
                }
                #[inline]
                fn run_out() -> ::core::option::Option<Self::Output> {
                    ::flow_core::__private::output(())
                }
                #[inline]
                fn deliver<__E: ::flow_core::Event>(
                    __event: __E,
                    mut __clause: impl ::core::ops::FnMut(__Activation),
                ) {
                    match ::flow_core::__private::Dispatch::<__ThisFlow, __E>::INDEX {
                        0usize => {
                            if let ::core::option::Option::Some(__event) = ::flow_core::__private::take::<
                                __E,
                                UserInput,
                            >(&mut ::core::option::Option::Some(__event)) {
                                __clause(__Activation::Clause1(__event));
                            }
                        }
                        1usize => {
                            if let ::core::option::Option::Some(__event) = ::flow_core::__private::take::<
                                __E,
                                Loop,
                            >(&mut ::core::option::Option::Some(__event)) {
                                __clause(__Activation::Clause2(__event));
                            }
                        }
                        _ => {}
                    }
                }
                #[inline]
                fn place(
                    __activation: &__Activation,
                ) -> (::core::primitive::usize, ::core::primitive::usize) {
                    match *__activation {
                        __Activation::Clause0(_) => (0usize, 0usize),
                        __Activation::Clause1(_) => (1usize, 1usize),
                        __Activation::Clause2(_) => (2usize, 2usize),
                        _ => (0, 0),
                    }
                }
                #[inline]
                fn item<__T: 'static>(
                    __item: __T,
                ) -> ::core::option::Option<Self::Item> {
                    let mut __item = ::core::option::Option::Some(__item);
                    if let __some @ ::core::option::Option::Some(_) = <<get_input as ::flow_core::Handler>::Itself as ::flow_core::__private::RunsIn<
                        Self,
                    >>::item(&mut __item) {
                        return __some;
                    }
                    if let __some @ ::core::option::Option::Some(_) = <<stream_reply as ::flow_core::Handler>::Itself as ::flow_core::__private::RunsIn<
                        Self,
                    >>::item(&mut __item) {
                        return __some;
                    }
                    ::core::option::Option::None
                }
                #[allow(clippy::diverging_sub_expression, clippy::unused_unit)]
                async fn work<__W: ::flow_core::__private::Worker<Self>>(
                    __worker: &__W,
                ) {
                    loop {
                        '__clause: {
                            match ::flow_core::__private::Worker::<Self>::next(__worker)
                                .await
                            {
                                __Activation::Clause0(__value) => {
                                    ::flow_core::__private::run_single::<
                                        <get_input as ::flow_core::Handler>::Itself,
                                        __ThisFlow,
                                        _,
                                        _,
                                    >(__worker, __value)
                                        .await
                                }
                                __Activation::Clause1(__value) => {
                                    ::flow_core::__private::run_single::<
                                        <stream_reply as ::flow_core::Handler>::Itself,
                                        __ThisFlow,
                                        _,
                                        _,
                                    >(__worker, __value)
                                        .await
                                }
                                __Activation::Clause2(__value) => {
                                    ::flow_core::__private::run_single::<
                                        <get_input as ::flow_core::Handler>::Itself,
                                        __ThisFlow,
                                        _,
                                        _,
                                    >(__worker, __value)
                                        .await
                                }
                                _ => {}
                            }
                        }
                    }
                }
            }
            #[doc(hidden)]
            impl<__Q> ::flow_core::__private::AsksQuestion<__Q> for __ThisFlow
            where
                ::flow_core::__private::Asks<
                    { <__ThisFlow as ::flow_core::__private::Graph>::DESC.stages_ask() },
                >: ::flow_core::__private::Allow<__Q, __ThisFlow>,
            {}
            const _: () = {
                let () = <::flow_core::__private::Itself<
                    (),
                > as ::flow_core::__private::InputOf<
                    <<get_input as ::flow_core::Handler>::Itself as ::flow_core::__private::Accepts<
                        (),
                    >>::Parameter,
                    <get_input as ::flow_core::Handler>::Itself,
                >>::OK;
                let () = <::flow_core::__private::Itself<
                    UserInput,
                > as ::flow_core::__private::EventOf<
                    <<stream_reply as ::flow_core::Handler>::Itself as ::flow_core::__private::On<
                        UserInput,
                    >>::Parameter,
                    <stream_reply as ::flow_core::Handler>::Itself,
                >>::OK;
                let () = <::flow_core::__private::Itself<
                    UserInput,
                > as ::flow_core::__private::InputOf<
                    <<stream_reply as ::flow_core::Handler>::Itself as ::flow_core::__private::On<
                        UserInput,
                    >>::Input,
                    <stream_reply as ::flow_core::Handler>::Itself,
                >>::OK;
                let () = <::flow_core::__private::Itself<
                    Loop,
                > as ::flow_core::__private::EventOf<
                    <<get_input as ::flow_core::Handler>::Itself as ::flow_core::__private::On<
                        Loop,
                    >>::Parameter,
                    <get_input as ::flow_core::Handler>::Itself,
                >>::OK;
                let () = <::flow_core::__private::Itself<
                    Loop,
                > as ::flow_core::__private::InputOf<
                    <<get_input as ::flow_core::Handler>::Itself as ::flow_core::__private::On<
                        Loop,
                    >>::Input,
                    <get_input as ::flow_core::Handler>::Itself,
                >>::OK;
                type __Handler0 = get_input;
                let () = <<get_input as ::flow_core::Handler>::Value as ::flow_core::__private::MayBeDropped<
                    __Handler0,
                >>::OK;
                type __Handler1 = stream_reply;
                let () = <<stream_reply as ::flow_core::Handler>::Value as ::flow_core::__private::MayBeDropped<
                    __Handler1,
                >>::OK;
            };
            let _ = ::flow_core::__private::Flow::<__ThisFlow, _>::new();
        }
        ::core::compile_error! {
            "unknown clause `whem`: did you mean `when`?"
        }
        ::core::compile_error! {
            "expected `-> handler` after this: `when Event -> handler`"
        }
    };
}
