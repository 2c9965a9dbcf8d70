fn main() {
    let flow = {
        enum __ThisFlow {}
        enum __Activation {
            Clause0(()),
            Clause1(UserInput),
            Clause2(UserInput),
            Clause3(events::Loop),
        }
        #[allow(clippy::items_after_statements)]
        impl ::flow_core::__private::Graph for __ThisFlow {
            type Input = ();
            type Item = ::flow_core::__private::String;
            type Activation = __Activation;
            type Resources = (
                ::flow_core::__private::Slot<Llm, ::flow_core::__private::Missing>,
                (),
            );
            const DESC: &'static ::flow_core::__private::GraphDesc = &::flow_core::__private::GraphDesc {
                clauses: &[
                    ::flow_core::__private::ClauseDesc {
                        event: ::core::option::Option::None,
                        handler: <get_input as ::flow_core::Handler>::DESC,
                    },
                    ::flow_core::__private::ClauseDesc {
                        event: ::core::option::Option::Some(
                            <UserInput as ::flow_core::Event>::DESC,
                        ),
                        handler: <stream_reply as ::flow_core::Handler>::DESC,
                    },
                    ::flow_core::__private::ClauseDesc {
                        event: ::core::option::Option::Some(
                            <UserInput as ::flow_core::Event>::DESC,
                        ),
                        handler: <log as ::flow_core::Handler>::DESC,
                    },
                    ::flow_core::__private::ClauseDesc {
                        event: ::core::option::Option::Some(
                            <events::Loop as ::flow_core::Event>::DESC,
                        ),
                        handler: <get_input as ::flow_core::Handler>::DESC,
                    },
                ],
                external: &[],
                ignored: &[],
            };
            #[inline]
            fn start(__input: ()) -> __Activation {
                __Activation::Clause0(__input)
            }
            #[inline]
            fn deliver<__E: ::flow_core::Event>(
                __event: __E,
                mut __clause: impl ::core::ops::FnMut(__Activation),
            ) {
                let mut __event = ::core::option::Option::Some(__event);
                if let ::core::option::Option::Some(__event) = ::flow_core::__private::take::<
                    __E,
                    UserInput,
                >(&mut __event) {
                    __clause(
                        __Activation::Clause1(
                            <UserInput as ::flow_core::__private::Shared>::another(
                                &__event,
                            ),
                        ),
                    );
                    __clause(__Activation::Clause2(__event));
                    return;
                }
                if let ::core::option::Option::Some(__event) = ::flow_core::__private::take::<
                    __E,
                    events::Loop,
                >(&mut __event) {
                    __clause(__Activation::Clause3(__event));
                    return;
                }
            }
            #[inline]
            fn clause(__activation: &__Activation) -> usize {
                match *__activation {
                    __Activation::Clause0(_) => 0usize,
                    __Activation::Clause1(_) => 1usize,
                    __Activation::Clause2(_) => 2usize,
                    __Activation::Clause3(_) => 3usize,
                }
            }
            #[inline]
            fn item<__T: 'static>(__item: __T) -> ::core::option::Option<Self::Item> {
                let mut __item = ::core::option::Option::Some(__item);
                if let __some @ ::core::option::Option::Some(_) = <get_input as ::flow_core::__private::Fits<
                    Self,
                >>::item(&mut __item) {
                    return __some;
                }
                if let __some @ ::core::option::Option::Some(_) = <stream_reply as ::flow_core::__private::Fits<
                    Self,
                >>::item(&mut __item) {
                    return __some;
                }
                if let __some @ ::core::option::Option::Some(_) = <log as ::flow_core::__private::Fits<
                    Self,
                >>::item(&mut __item) {
                    return __some;
                }
                ::core::option::Option::None
            }
        }
        impl<__H> ::flow_core::__private::Provides<Llm, __H> for __ThisFlow {}
        const _: () = {
            type __Handler0 = get_input;
            type __Handler1 = stream_reply;
            type __Handler2 = log;
            let () = <get_input as ::flow_core::__private::Takes<()>>::OK;
            let () = <stream_reply as ::flow_core::__private::On<UserInput>>::OK;
            let () = <log as ::flow_core::__private::On<UserInput>>::OK;
            let () = <get_input as ::flow_core::__private::On<events::Loop>>::OK;
            let () = <<get_input as ::flow_core::Handler>::Value as ::flow_core::__private::Unused<
                __Handler0,
            >>::OK;
            let () = <<stream_reply as ::flow_core::Handler>::Value as ::flow_core::__private::Unused<
                __Handler1,
            >>::OK;
            let () = <<log as ::flow_core::Handler>::Value as ::flow_core::__private::Unused<
                __Handler2,
            >>::OK;
        };
        const __SURVEY: ::flow_core::__private::Survey<4usize> = ::flow_core::__private::Survey::<
            4usize,
        >::new(<__ThisFlow as ::flow_core::__private::Graph>::DESC);
        const __EVENTS: &[::flow_core::__private::EventDesc] = &[
            <UserInput as ::flow_core::Event>::DESC,
            <events::Loop as ::flow_core::Event>::DESC,
        ];
        const _: () = ::flow_core::__private::check(
            ::flow_core::__private::unheard(
                <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                &__SURVEY,
                0usize,
            ),
        );
        const _: () = ::flow_core::__private::check(
            ::flow_core::__private::unheard(
                <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                &__SURVEY,
                1usize,
            ),
        );
        const _: () = ::flow_core::__private::check(
            ::flow_core::__private::unheard(
                <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                &__SURVEY,
                2usize,
            ),
        );
        const _: () = ::flow_core::__private::check(
            ::flow_core::__private::unemitted(
                <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                &__SURVEY,
                1usize,
            ),
        );
        const _: () = ::flow_core::__private::check(
            ::flow_core::__private::unreachable(
                <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                &__SURVEY,
                1usize,
            ),
        );
        const _: () = ::flow_core::__private::check(
            ::flow_core::__private::unemitted(
                <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                &__SURVEY,
                2usize,
            ),
        );
        const _: () = ::flow_core::__private::check(
            ::flow_core::__private::unreachable(
                <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                &__SURVEY,
                2usize,
            ),
        );
        const _: () = ::flow_core::__private::check(
            ::flow_core::__private::unemitted(
                <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                &__SURVEY,
                3usize,
            ),
        );
        const _: () = ::flow_core::__private::check(
            ::flow_core::__private::unreachable(
                <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                &__SURVEY,
                3usize,
            ),
        );
        const _: () = ::flow_core::__private::check(
            ::flow_core::__private::spelled_twice(__EVENTS, 1usize),
        );
        #[allow(unreachable_code)]
        async fn __work<__W: ::flow_core::__private::Worker<__ThisFlow>>(__worker: __W) {
            loop {
                match ::flow_core::__private::Worker::<__ThisFlow>::next(&__worker).await
                {
                    __Activation::Clause0(__input) => {
                        let __result = <get_input as ::flow_core::Handler>::call(
                                __input,
                                ::flow_core::Cx::of(&__worker),
                            )
                            .await;
                        ::flow_core::__private::Worker::<
                            __ThisFlow,
                        >::done(&__worker, __result);
                    }
                    __Activation::Clause1(__input) => {
                        let __result = <stream_reply as ::flow_core::Handler>::call(
                                __input,
                                ::flow_core::Cx::of(&__worker),
                            )
                            .await;
                        ::flow_core::__private::Worker::<
                            __ThisFlow,
                        >::done(&__worker, __result);
                    }
                    __Activation::Clause2(__input) => {
                        let __result = <log as ::flow_core::Handler>::call(
                                __input,
                                ::flow_core::Cx::of(&__worker),
                            )
                            .await;
                        ::flow_core::__private::Worker::<
                            __ThisFlow,
                        >::done(&__worker, __result);
                    }
                    __Activation::Clause3(__input) => {
                        let __result = <get_input as ::flow_core::Handler>::call(
                                __input,
                                ::flow_core::Cx::of(&__worker),
                            )
                            .await;
                        ::flow_core::__private::Worker::<
                            __ThisFlow,
                        >::done(&__worker, __result);
                    }
                }
            }
        }
        ::flow_core::__private::Flow::<
            __ThisFlow,
            _,
            _,
        >::new(__work::<::flow_core::__private::Engine<__ThisFlow>>)
    };
}
