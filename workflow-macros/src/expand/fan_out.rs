//! `parallel name = for item in items, max = 8 { … }`: an arm for each item.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::body::{Answer, answered, bind, node};
use super::env::{Env, Kind};
use super::uses::uses;
use super::{local, scope, small};
use crate::model::FanOut;
use crate::walk::Inside;

pub(super) fn statement(fan_out: &FanOut, env: &mut Env) -> TokenStream {
    let (scope, at, max) = (scope(), node(fan_out.node), fan_out.max as usize);
    let items = env.value(&fan_out.items);
    let (list, stacks, part) = (local("__items"), local("__stacks"), local("__part"));
    let pattern = &fan_out.pattern;
    let run = arm(fan_out, env);
    // What is a local outside is reached through a reference inside, since many arms share it.
    let shared = env
        .in_sight()
        .into_iter()
        .filter(|(_, kind)| *kind == Kind::Plain)
        .map(|(name, _)| quote! { let #name = &#name; });
    let how = if fan_out.modes.collect.is_some() {
        quote! { collect }
    } else {
        quote! { fan_out }
    };
    let listed = quote_spanned! { fan_out.items.span()=> #scope.items(#items) };
    let value = quote! {{
        let #list = #listed;
        let #list = #scope.counted(#at, #list).await?;
        let #stacks = __w::Stacks::new(#scope, #list.len());
        #(#shared)*
        #scope.#how(#max, &#stacks, #list, |#part, #pattern| {
            __w::std::boxed::Box::pin(#run)
        }).await?
    }};
    bind(fan_out.name.as_ref(), &value, env)
}

/// The future of one item.
fn arm(fan_out: &FanOut, env: &Env) -> TokenStream {
    let (scope, part) = (scope(), local("__part"));
    let mut inside = env.behind();
    let run = if fan_out.modes.spawn.is_some() {
        let mut around = env.clone();
        around.add_pattern(&fan_out.pattern, Kind::Plain);
        let names = uses(&Inside::Block(&fan_out.body), &around);
        inside.add_pattern(&fan_out.pattern, Kind::Behind);
        let code = answered(&fan_out.body, &mut inside, Answer::Arm);
        let shared = env.behind();
        let own = |name: &syn::Ident| shared.kind(name).unwrap_or(Kind::Plain);
        let mut mixed = env.with(Vec::new());
        for name in &names {
            let bound = crate::names::bound(&fan_out.pattern).contains(name);
            mixed.add(name, if bound { Kind::Plain } else { own(name) });
        }
        small::spawned(&part, &names, &mixed, &code)
    } else {
        inside.add_pattern(&fan_out.pattern, Kind::Plain);
        let code = answered(&fan_out.body, &mut inside, Answer::Arm);
        let body = local("__body");
        quote! {
            async move {
                let #body = __w::std::pin::pin!(async move { let #scope = &#part; #code });
                __w::guarded(#part, #body).await
            }
        }
    };
    if fan_out.modes.collect.is_some() {
        quote! { __w::collected(#part, #run) }
    } else {
        run
    }
}
