//! Snapshots of whole expansions, as they are formatted under `tests/expand/`.

use expect_test::{ExpectFile, expect_file};
use proc_macro2::TokenStream;
use quote::quote;

#[track_caller]
fn check(keys: TokenStream, item: TokenStream, expected: &ExpectFile) -> String {
    let input = syn::parse2(item).expect("the test's own item parses");
    let file = syn::parse2(crate::run(keys, &input)).expect("the attribute prints items");
    let text = format!(
        "//! What the attribute prints, as `expand::tests` has it.\n\n{}",
        prettyplease::unparse(&file)
    );
    expected.assert_eq(&text);
    text
}

#[test]
fn a_struct_is_params_a_spec_and_an_entry() {
    let keys = quote! {
        type = "order.created", source = "/orders", version = 1,
        extensions(region = "eu", level = -3, live = true), check = fits, open
    };
    let item = quote! {
        /// Somebody has ordered something.
        #[derive(Debug)]
        pub struct OrderCreated {
            #[param(min = 1)]
            pub cents: u64,
        }
    };
    check(keys, item, &expect_file!["../../tests/expand/struct.rs"]);
}

#[test]
fn variants_are_structs_that_nobody_can_name() {
    let keys = quote! { source = "/orders" };
    let item = quote! {
        enum OrderEvent {
            #[signal(type = "order.paid")]
            Paid {
                #[param(min = 1)]
                cents: u64,
            },
            #[signal(type = "order.moved")]
            Moved(u8, String),
            Created(OrderCreated),
        }
    };
    check(keys, item, &expect_file!["../../tests/expand/enum.rs"]);
}

#[test]
fn mistakes_leave_impls_that_keep_the_rest_quiet() {
    let keys = quote! { type = "order..created", verison = 1 };
    let item = quote! { struct OrderCreated {} };
    check(keys, item, &expect_file!["../../tests/expand/fallback.rs"]);
}

#[test]
fn with_another_root_no_default_root_remains() {
    let keys = quote! { type = "order.created", crate = crate::hands };
    let item = quote! { struct OrderCreated {} };
    let text = check(
        keys,
        item,
        &expect_file!["../../tests/expand/other_root.rs"],
    );
    assert!(!text.contains("::enact"), "{text}");
}

#[test]
fn the_mistakes_of_a_pattern_are_told_one_by_one() {
    let tokens = crate::pattern::run(quote! { "order..cr*.**" }).to_string();
    assert_eq!(tokens.matches("compile_error").count(), 2, "{tokens}");
    let tokens = crate::pattern::run(quote! { "order.**", crate = crate::hands }).to_string();
    assert!(tokens.contains("crate :: hands :: signal") && !tokens.contains("compile_error"));
}
