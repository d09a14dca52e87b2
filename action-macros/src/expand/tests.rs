//! Snapshots of whole expansions, as they are formatted under `tests/expand/`.

use expect_test::{ExpectFile, expect_file};
use quote::quote;
use syn::DeriveInput;

use crate::model::Role;

#[track_caller]
fn check(role: Role, item: proc_macro2::TokenStream, expected: &ExpectFile) -> String {
    let input: DeriveInput = syn::parse2(item).expect("the test's own item parses");
    let file = syn::parse2(crate::run(&input, role)).expect("the derive prints items");
    let text = format!(
        "//! What the derive prints, as `expand::tests` has it.\n\n{}",
        prettyplease::unparse(&file)
    );
    expected.assert_eq(&text);
    text
}

#[test]
fn an_action_is_params_a_spec_and_an_entry() {
    let item = quote! {
        /// Current weather for a city.
        #[action(name = "get_weather", effect = read, timeout = "5s", tags("demo"))]
        pub struct GetWeather {
            /// City name.
            #[param(len = 1..=80, example = "Paris")]
            pub city: String,
            /// Unit of the answer.
            #[param(default = Units::Celsius)]
            pub units: Units,
        }
    };
    check(
        Role::Action,
        item,
        &expect_file!["../../tests/expand/action.rs"],
    );
}

#[test]
fn an_enum_checks_what_its_variants_hold() {
    let item = quote! {
        #[serde(tag = "kind", rename_all = "snake_case")]
        enum Reach {
            Nowhere,
            Mail {
                /// Where to.
                #[param(format = "email", secret)]
                to: String,
            },
        }
    };
    check(
        Role::Params,
        item,
        &expect_file!["../../tests/expand/enum.rs"],
    );
}

#[test]
fn a_generic_carries_its_parameters_along() {
    let item = quote! {
        struct Page<T, const N: usize = 2> {
            /// The items.
            #[param(items(min = 1), default = Vec::with_capacity(N))]
            items: Vec<T>,
            /// The page behind it.
            next: Option<Box<Self>>,
        }
    };
    check(
        Role::Params,
        item,
        &expect_file!["../../tests/expand/generic.rs"],
    );
}

#[test]
fn mistakes_leave_impls_that_keep_the_rest_quiet() {
    let item = quote! {
        struct Part {
            #[param(mni = 1, defualt = 3)]
            value: u8,
        }
    };
    check(
        Role::Params,
        item,
        &expect_file!["../../tests/expand/fallback.rs"],
    );
}

#[test]
fn with_another_root_no_default_root_remains() {
    let item = quote! {
        /// Pings.
        #[action(crate = crate::hands, undo, needs(Line), retry(times = 2), effect = idempotent)]
        struct Ping {
            /// To whom.
            #[param(pattern = "^a", one_of("a", "ab"), example = "a", default = "a")]
            to: Option<Name>,
        }
    };
    let text = check(
        Role::Action,
        item,
        &expect_file!["../../tests/expand/other_root.rs"],
    );
    assert!(
        !text.contains("enact::__private") && !text.contains("::enact"),
        "{text}"
    );
    assert_eq!(text.matches("hands").count(), 1, "the root is named once");
}
