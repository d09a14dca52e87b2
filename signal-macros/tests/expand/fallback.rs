//! What the attribute prints, as `expand::tests` has it.

::core::compile_error! {
    "there is no key `verison` here; did you mean `version`?"
}
::core::compile_error! {
    "in the signal type `order..created`, the segment at byte 6 is empty; write one dot instead of two"
}
#[derive(::enact::signal::__private::std::clone::Clone)]
#[derive(::enact::signal::__private::Params)]
#[params(crate = ::enact::signal::__private::core, terse)]
struct OrderCreated {}
#[doc(hidden)]
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction,
    dead_code,
    deprecated,
    non_camel_case_types,
    non_snake_case,
    unused_imports,
    unused_qualifications,
    reason = "generated code"
)]
const _: () = {
    use ::enact::signal::__private as __signal;
    impl __signal::Signal for OrderCreated {
        const TYPE: &'static str = "a";
    }
};
