//! The derives `Action` and `Params`. They are documented where `enact` re-exports them.
//!
//! Four steps, four rooms: `parse` reads tokens into the `model`, `check` compares what
//! stands apart, `expand` prints and can't fail.

mod check;
mod expand;
mod model;
mod parse;

use enact_macro_support::Diag;
use proc_macro::TokenStream;
use syn::DeriveInput;

use self::model::Role;

/// Makes a struct an action: validated params, a schema, tool JSON, a registry entry.
///
/// Add `impl Run` to say what it does.
#[proc_macro_derive(Action, attributes(action, params, param, serde, schemars))]
pub fn action(input: TokenStream) -> TokenStream {
    derive(input, Role::Action)
}

/// Makes a struct or an enum a part of params: validated, described by a schema.
#[proc_macro_derive(Params, attributes(action, params, param, serde, schemars))]
pub fn params(input: TokenStream) -> TokenStream {
    derive(input, Role::Params)
}

fn derive(input: TokenStream, role: Role) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    run(&input, role).into()
}

fn run(input: &DeriveInput, role: Role) -> proc_macro2::TokenStream {
    let mut diag = Diag::new();
    let item = parse::item(input, role, &mut diag);
    check::item(&item, &mut diag);
    let clean = diag.is_clean();
    let mut tokens = diag.into_tokens();
    tokens.extend(if clean {
        expand::item(&item)
    } else {
        expand::fallback(&item)
    });
    tokens
}
