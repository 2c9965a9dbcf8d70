fn main() {
    let flow = '_a_flow_outside_of_functions_begins_with_its_name: {
        ::flow_core::__private::for_editors! {
            fn __events() -> < ::flow_core::__private::AnEvent as
            ::flow_core::__private::Expected < _ >> ::Type {
            ::core::marker::PhantomData:: < (UserInput, UserInput, events::Loop,) > } fn
            __handlers() -> < ::flow_core::__private::AHandler as
            ::flow_core::__private::Expected < _ >> ::Type {
            ::core::marker::PhantomData:: < (get_input, stream_reply, log, get_input,) >
            } fn __types() { let _ = ::core::marker::PhantomData:: < (Llm,) >; }
        }
        {
            enum __ThisFlow {}
            use ::flow_core::__private::BundleActivation as __BundleActivation;
            #[allow(clippy::large_enum_variant)]
            pub enum __Activation {
                Clause0(::flow_core::__private::Same<()>),
                Clause1(::flow_core::__private::Same<UserInput>),
                Clause2(::flow_core::__private::Same<UserInput>),
                Clause3(::flow_core::__private::Same<events::Loop>),
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
                type Resources = (
                    ::flow_core::__private::Slot<Llm, ::flow_core::__private::Missing>,
                    (),
                );
                type Activation = __Activation;
                type Partners = __Partners;
                const DESC: &'static ::flow_core::__private::GraphDesc = {
                    const __HANDLERS: &::flow_core::__private::HandlerTable<4usize> = &::flow_core::__private::HandlerTable::new(
                        ::core::file!(),
                        [
                            <get_input as ::flow_core::Handler>::DESC,
                            <stream_reply as ::flow_core::Handler>::DESC,
                            <log as ::flow_core::Handler>::DESC,
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
                        .needs(&["Llm"], &[])
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
                                        <UserInput as ::flow_core::Event>::DESC,
                                        2usize,
                                        1u32,
                                        1u32,
                                    ),
                                __HANDLERS
                                    .when(
                                        <events::Loop as ::flow_core::Event>::DESC,
                                        3usize,
                                        1u32,
                                        1u32,
                                    ),
                            ],
                            &[],
                            &[],
                        )
                };
                const WAITS: &'static [::core::primitive::u64] = &::flow_core::__private::wait_ids::<
                    3usize,
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
                                __clause(
                                    __Activation::Clause1(
                                        <UserInput as ::flow_core::__private::CloneForEach>::another(
                                            &__event,
                                        ),
                                    ),
                                );
                                __clause(__Activation::Clause2(__event));
                            }
                        }
                        2usize => {
                            if let ::core::option::Option::Some(__event) = ::flow_core::__private::take::<
                                __E,
                                events::Loop,
                            >(&mut ::core::option::Option::Some(__event)) {
                                __clause(__Activation::Clause3(__event));
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
                        __Activation::Clause3(_) => (3usize, 3usize),
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
                    if let __some @ ::core::option::Option::Some(_) = <<log as ::flow_core::Handler>::Itself as ::flow_core::__private::RunsIn<
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
                                        <log as ::flow_core::Handler>::Itself,
                                        __ThisFlow,
                                        _,
                                        _,
                                    >(__worker, __value)
                                        .await
                                }
                                __Activation::Clause3(__value) => {
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
            impl ::flow_core::__private::HasResource<Llm> for __ThisFlow {}
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
                    UserInput,
                > as ::flow_core::__private::EventOf<
                    <<log as ::flow_core::Handler>::Itself as ::flow_core::__private::On<
                        UserInput,
                    >>::Parameter,
                    <log as ::flow_core::Handler>::Itself,
                >>::OK;
                let () = <::flow_core::__private::Itself<
                    UserInput,
                > as ::flow_core::__private::InputOf<
                    <<log as ::flow_core::Handler>::Itself as ::flow_core::__private::On<
                        UserInput,
                    >>::Input,
                    <log as ::flow_core::Handler>::Itself,
                >>::OK;
                let () = <::flow_core::__private::Itself<
                    events::Loop,
                > as ::flow_core::__private::EventOf<
                    <<get_input as ::flow_core::Handler>::Itself as ::flow_core::__private::On<
                        events::Loop,
                    >>::Parameter,
                    <get_input as ::flow_core::Handler>::Itself,
                >>::OK;
                let () = <::flow_core::__private::Itself<
                    events::Loop,
                > as ::flow_core::__private::InputOf<
                    <<get_input as ::flow_core::Handler>::Itself as ::flow_core::__private::On<
                        events::Loop,
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
                type __Handler2 = log;
                let () = <<log as ::flow_core::Handler>::Value as ::flow_core::__private::MayBeDropped<
                    __Handler2,
                >>::OK;
            };
            const _: () = {
                let () = <::flow_core::__private::Itself<
                    <get_input as ::flow_core::Handler>::Itself,
                > as ::flow_core::__private::Needs<__ThisFlow>>::OK;
                let () = <::flow_core::__private::Itself<
                    <stream_reply as ::flow_core::Handler>::Itself,
                > as ::flow_core::__private::Needs<__ThisFlow>>::OK;
                let () = <::flow_core::__private::Itself<
                    <log as ::flow_core::Handler>::Itself,
                > as ::flow_core::__private::Needs<__ThisFlow>>::OK;
            };
            const __ANALYSIS: &::flow_core::__private::Analysis<4usize, 3usize> = &::flow_core::__private::Analysis::<
                4usize,
                3usize,
            >::new(<__ThisFlow as ::flow_core::__private::Graph>::DESC);
            const __ALL_HEARD: ::core::primitive::bool = __ANALYSIS.all_heard();
            const __ALL_ALIVE: ::core::primitive::bool = __ANALYSIS
                .all_alive(&[0usize, 0usize, 1usize]);
            const __NONE_ONCE: ::core::primitive::bool = __ANALYSIS.none_once();
            const __NONE_OUTLIVES: ::core::primitive::bool = __ANALYSIS.none_outlives();
            const __RUNS: &::flow_core::__private::sound::Runs<4usize> = &::flow_core::__private::sound::Runs::new::<
                3usize,
                {
                    ::flow_core::__private::sound::edges(
                        <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                    )
                },
            >(<__ThisFlow as ::flow_core::__private::Graph>::DESC, __ANALYSIS);
            const fn __unhandled_event(
                clause: ::core::primitive::usize,
                handler: ::core::primitive::usize,
            ) -> ::core::primitive::u8 {
                ::flow_core::__private::unhandled_event(
                    <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                    __ANALYSIS,
                    clause,
                    handler,
                )
            }
            const fn __unhandled_events(
                clause: ::core::primitive::usize,
                handler: ::core::primitive::usize,
            ) -> ::core::primitive::u8 {
                ::flow_core::__private::unhandled_events(
                    <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                    __ANALYSIS,
                    clause,
                    handler,
                )
            }
            const fn __called_again(
                clause: ::core::primitive::usize,
                handler: ::core::primitive::usize,
            ) -> ::core::primitive::u8 {
                ::flow_core::__private::sound::called_again::<
                    4usize,
                    3usize,
                >(
                    <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                    __RUNS,
                    clause,
                    handler,
                )
            }
            const fn __never_over(
                clause: ::core::primitive::usize,
                handler: ::core::primitive::usize,
                otherwise: ::core::primitive::u8,
            ) -> ::core::primitive::u8 {
                ::flow_core::__private::never_over(
                    <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                    __ANALYSIS,
                    clause,
                    handler,
                    otherwise,
                )
            }
            const fn __dead_wait(
                wait: ::core::primitive::usize,
                part: ::core::primitive::usize,
            ) -> ::core::primitive::u8 {
                ::flow_core::__private::dead_wait(
                    <__ThisFlow as ::flow_core::__private::Graph>::DESC,
                    __ANALYSIS,
                    &[0usize, 0usize, 1usize],
                    wait,
                    part,
                )
            }
            const _: () = {
                {
                    type __One = ::flow_core::__private::Defect<
                        {
                            if __ALL_HEARD {
                                0
                            } else {
                                __unhandled_event(0usize, 0usize)
                            }
                        },
                    >;
                    type __Several = ::flow_core::__private::Defect<
                        {
                            if __ALL_HEARD {
                                0
                            } else {
                                __unhandled_events(0usize, 0usize)
                            }
                        },
                    >;
                    let () = <__One as ::flow_core::__private::Heard<
                        <get_input as ::flow_core::Handler>::Itself,
                        <__One as ::flow_core::__private::EventAt<
                            <get_input as ::flow_core::Handler>::Itself,
                        >>::Event,
                    >>::OK;
                    let () = <__Several as ::flow_core::__private::AllHeard<
                        <get_input as ::flow_core::Handler>::Itself,
                        <__Several as ::flow_core::__private::EventsAt<
                            <get_input as ::flow_core::Handler>::Itself,
                        >>::Events,
                    >>::OK;
                }
                {
                    let () = <::flow_core::__private::Defect<
                        { if __NONE_ONCE { 0 } else { __called_again(0usize, 0usize) } },
                    > as ::flow_core::__private::CalledOnce<
                        <get_input as ::flow_core::Handler>::Itself,
                    >>::OK;
                }
            };
            const _: () = {
                {
                    type __One = ::flow_core::__private::Defect<
                        {
                            if __ALL_HEARD {
                                0
                            } else {
                                __unhandled_event(1usize, 0usize)
                            }
                        },
                    >;
                    type __Several = ::flow_core::__private::Defect<
                        {
                            if __ALL_HEARD {
                                0
                            } else {
                                __unhandled_events(1usize, 0usize)
                            }
                        },
                    >;
                    let () = <__One as ::flow_core::__private::Heard<
                        <stream_reply as ::flow_core::Handler>::Itself,
                        <__One as ::flow_core::__private::EventAt<
                            <stream_reply as ::flow_core::Handler>::Itself,
                        >>::Event,
                    >>::OK;
                    let () = <__Several as ::flow_core::__private::AllHeard<
                        <stream_reply as ::flow_core::Handler>::Itself,
                        <__Several as ::flow_core::__private::EventsAt<
                            <stream_reply as ::flow_core::Handler>::Itself,
                        >>::Events,
                    >>::OK;
                }
                {
                    let () = <::flow_core::__private::Defect<
                        { if __NONE_ONCE { 0 } else { __called_again(1usize, 0usize) } },
                    > as ::flow_core::__private::CalledOnce<
                        <stream_reply as ::flow_core::Handler>::Itself,
                    >>::OK;
                }
                {
                    type __Defect = ::flow_core::__private::Defect<
                        { if __ALL_ALIVE { 0 } else { __dead_wait(0usize, 0usize) } },
                    >;
                    let () = <__Defect as ::flow_core::__private::Emitted<
                        UserInput,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::Reached<
                        UserInput,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::Meant<UserInput>>::OK;
                    let () = <__Defect as ::flow_core::__private::SpelledAlike<
                        UserInput,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::AskedSomewhere<
                        UserInput,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::Yields<
                        UserInput,
                        <stream_reply as ::flow_core::Handler>::Itself,
                    >>::OK;
                }
            };
            const _: () = {
                {
                    type __One = ::flow_core::__private::Defect<
                        {
                            if __ALL_HEARD {
                                0
                            } else {
                                __unhandled_event(2usize, 0usize)
                            }
                        },
                    >;
                    type __Several = ::flow_core::__private::Defect<
                        {
                            if __ALL_HEARD {
                                0
                            } else {
                                __unhandled_events(2usize, 0usize)
                            }
                        },
                    >;
                    let () = <__One as ::flow_core::__private::Heard<
                        <log as ::flow_core::Handler>::Itself,
                        <__One as ::flow_core::__private::EventAt<
                            <log as ::flow_core::Handler>::Itself,
                        >>::Event,
                    >>::OK;
                    let () = <__Several as ::flow_core::__private::AllHeard<
                        <log as ::flow_core::Handler>::Itself,
                        <__Several as ::flow_core::__private::EventsAt<
                            <log as ::flow_core::Handler>::Itself,
                        >>::Events,
                    >>::OK;
                }
                {
                    let () = <::flow_core::__private::Defect<
                        { if __NONE_ONCE { 0 } else { __called_again(2usize, 0usize) } },
                    > as ::flow_core::__private::CalledOnce<
                        <log as ::flow_core::Handler>::Itself,
                    >>::OK;
                }
                {
                    type __Defect = ::flow_core::__private::Defect<
                        { if __ALL_ALIVE { 0 } else { __dead_wait(1usize, 0usize) } },
                    >;
                    let () = <__Defect as ::flow_core::__private::Emitted<
                        UserInput,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::Reached<
                        UserInput,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::Meant<UserInput>>::OK;
                    let () = <__Defect as ::flow_core::__private::SpelledAlike<
                        UserInput,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::AskedSomewhere<
                        UserInput,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::Yields<
                        UserInput,
                        <log as ::flow_core::Handler>::Itself,
                    >>::OK;
                }
            };
            const _: () = {
                {
                    type __Defect = ::flow_core::__private::Defect<
                        { if __ALL_ALIVE { 0 } else { __dead_wait(2usize, 0usize) } },
                    >;
                    let () = <__Defect as ::flow_core::__private::Emitted<
                        events::Loop,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::Reached<
                        events::Loop,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::Meant<
                        events::Loop,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::SpelledAlike<
                        events::Loop,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::AskedSomewhere<
                        events::Loop,
                    >>::OK;
                    let () = <__Defect as ::flow_core::__private::Yields<
                        events::Loop,
                        <get_input as ::flow_core::Handler>::Itself,
                    >>::OK;
                }
            };
            const _: () = {
                use ::flow_core::__private::NoParameter as _;
                type __Handler0 = get_input;
                type __Handler1 = stream_reply;
                type __Handler2 = log;
                const __TAKEN: ::core::primitive::bool = false
                    || ::flow_core::__private::Parameters::<
                        __Handler0,
                        ::flow_core::Res<Llm>,
                    >::PRESENT
                    || ::flow_core::__private::Parameters::<
                        __Handler1,
                        ::flow_core::Res<Llm>,
                    >::PRESENT
                    || ::flow_core::__private::Parameters::<
                        __Handler2,
                        ::flow_core::Res<Llm>,
                    >::PRESENT;
                const __DEFECT: ::core::primitive::u8 = ::flow_core::__private::unused_type(
                    __ANALYSIS,
                    __TAKEN,
                );
                let () = <::flow_core::__private::Defect<
                    __DEFECT,
                > as ::flow_core::__private::TakenAsParameter<
                    ::flow_core::Res<Llm>,
                >>::OK;
            };
            const _: () = {
                {
                    let () = <::flow_core::__private::Defect<
                        {
                            {
                                use ::flow_core::__private::Differs as _;
                                ::flow_core::__private::Pair::<
                                    (<log as ::flow_core::Handler>::Itself,),
                                    (<stream_reply as ::flow_core::Handler>::Itself,),
                                >::SAME as ::core::primitive::u8
                            }
                        },
                    > as ::flow_core::__private::RunsOnce<
                        UserInput,
                        <log as ::flow_core::Handler>::Itself,
                    >>::OK;
                }
            };
            ::flow_core::__private::Flow::<__ThisFlow, _>::new()
        }
    };
}
