#[automatically_derived]
impl ::flow_core::Event for UserInput {
    type Answer = ::flow_core::__private::NoAnswer;
    const DESC: ::flow_core::__private::EventDesc = ::flow_core::__private::EventDesc::new(
        "UserInput",
        "",
        ::core::concat!(::core::module_path!(), "::", "UserInput"),
        ::flow_core::__private::Location::new(
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        ),
    );
}
