fn main() {
    let flow = {
        ::core::compile_error! {
            "`whem` begins no clause: did you mean `when`?"
        }
        ::core::compile_error! {
            "expected `-> handler` after this: `when Event -> handler`"
        }
        #[allow(unexpected_cfgs)]
        const _: () = {
            #[cfg(rust_analyzer)]
            {
                let _ = ::core::marker::PhantomData::<UserInp>;
            }
        };
        enum __ThisFlow {}
        enum __Activation {
            Clause0(()),
            Clause1(Loop),
        }
        #[allow(clippy::items_after_statements)]
        impl ::flow_core::__private::Graph for __ThisFlow {
            type Input = ();
            type Item = ::flow_core::__private::String;
            type Activation = __Activation;
            type Resources = ();
            const DESC: &'static ::flow_core::__private::GraphDesc = &::flow_core::__private::GraphDesc {
                clauses: &[
                    ::flow_core::__private::ClauseDesc {
                        event: ::core::option::Option::None,
                        handler: <get_input as ::flow_core::Handler>::DESC,
                    },
                    ::flow_core::__private::ClauseDesc {
                        event: ::core::option::Option::Some(
                            <Loop as ::flow_core::Event>::DESC,
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
                    Loop,
                >(&mut __event) {
                    __clause(__Activation::Clause1(__event));
                    return;
                }
            }
            #[inline]
            fn clause(__activation: &__Activation) -> usize {
                match *__activation {
                    __Activation::Clause0(_) => 0usize,
                    __Activation::Clause1(_) => 1usize,
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
                ::core::option::Option::None
            }
        }
        const _: () = {
            type __Handler0 = get_input;
            let () = <get_input as ::flow_core::__private::Takes<()>>::OK;
            let () = <get_input as ::flow_core::__private::On<Loop>>::OK;
            let () = <<get_input as ::flow_core::Handler>::Value as ::flow_core::__private::Unused<
                __Handler0,
            >>::OK;
        };
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
