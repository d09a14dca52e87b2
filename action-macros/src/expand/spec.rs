//! The action's own part: its spec, its undo, its place in the registry.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::limits;
use crate::check::action_name;
use crate::model::{Effect, Item};

pub(super) fn action(item: &Item) -> TokenStream {
    let ident = &item.ident;
    let name = action_name(item);
    let std = quote! { __enact::std };
    let description = item.description.as_ref().map(|words| words.expr(&std));
    let keys = keys(item);
    let undo = undo(item);
    let dry_run = dry_run(item);
    let limits = limits::constant(item);
    let line = quote_spanned! { ident.span()=> __enact::std::line!() };
    quote! {
        static __LABELS: [__enact::Label; 1] = [__enact::Telemetry::label(#name)];
        static __RUNNING: __enact::Key = __enact::Telemetry::running(&__LABELS);

        #[automatically_derived]
        impl __enact::Action for #ident {
            const SPEC: __enact::Spec = {
                let mut spec = __enact::Spec::new(
                    #name,
                    #description,
                    __enact::SourcePlace { file: __enact::std::file!(), line: #line },
                    __enact::Telemetry::new(&__RUNNING),
                );
                #keys
                spec
            };

            #limits
            #undo
            #dry_run
        }

        static __ENTRY: __enact::Entry = __enact::Entry::of::<#ident>();
        __enact::inventory::submit! { __enact::Submitted(&__ENTRY) }
    }
}

fn keys(item: &Item) -> TokenStream {
    let spec = &item.spec;
    let mut keys = TokenStream::new();
    let some = quote! { __enact::std::option::Option::Some };
    let texts = [
        ("title", &spec.title),
        ("category", &spec.category),
        ("version", &spec.version),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            let key = quote::format_ident!("{key}");
            keys.extend(quote! { spec.#key = #some(#text); });
        }
    }
    for (key, list) in [("tags", &spec.tags), ("writes", &spec.writes)] {
        if !list.is_empty() {
            let key = quote::format_ident!("{key}");
            keys.extend(quote! { spec.#key = &[#(#list),*]; });
        }
    }
    match spec.effect {
        Some(Effect::Read) => keys.extend(quote! { spec.effect = __enact::Effect::Read; }),
        Some(Effect::Idempotent) => {
            keys.extend(quote! { spec.effect = __enact::Effect::Idempotent; });
        }
        Some(Effect::Write) | None => {}
    }
    keys.extend(policy(item));
    if spec.undo.is_some() {
        keys.extend(quote! { spec.undo = true; });
    }
    if let Some((question, _)) = &spec.confirm {
        let question = match question {
            Some(question) => quote! { #question },
            None => quote! { __enact::Spec::QUESTION },
        };
        keys.extend(quote! { spec.confirm = #some(#question); });
    }
    if spec.dry_run.is_some() {
        keys.extend(quote! { spec.dry_run = true; });
    }
    if !spec.needs.is_empty() {
        let needs = &spec.needs;
        keys.extend(quote! { spec.needs = &[#(__enact::Need::of::<#needs>()),*]; });
    }
    keys
}

/// How it is run.
fn policy(item: &Item) -> TokenStream {
    let spec = &item.spec;
    let mut keys = TokenStream::new();
    let some = quote! { __enact::std::option::Option::Some };
    let bounds = [
        ("timeout", spec.timeout.as_ref().map(|(time, _)| *time)),
        ("deadline", spec.deadline.as_ref().map(|(time, _)| *time)),
    ];
    for (key, time) in bounds {
        if let Some(time) = time {
            let (key, time) = (quote::format_ident!("{key}"), duration(time));
            keys.extend(quote! { spec.policy.#key = #some(#time); });
        }
    }
    for (key, time) in [("grace", spec.grace), ("undo_timeout", spec.undo_timeout)] {
        if let Some(time) = time {
            let (key, time) = (quote::format_ident!("{key}"), duration(time));
            keys.extend(quote! { spec.policy.#key = #time; });
        }
    }
    if let Some((retry, _)) = &spec.retry {
        let times = retry.times;
        let backoff = retry.backoff.map(|(first, most)| {
            let (first, most) = (duration(first), duration(most));
            quote! { .backoff(#first, #most) }
        });
        keys.extend(quote! { spec.policy.retry = #some(__enact::Retry::times(#times) #backoff); });
    }
    keys
}

fn duration(time: Duration) -> TokenStream {
    let (seconds, nanos) = (time.as_secs(), time.subsec_nanos());
    quote! { __enact::std::time::Duration::new(#seconds, #nanos) }
}

fn undo(item: &Item) -> Option<TokenStream> {
    let key = item.spec.undo.as_ref()?;
    // rustc blames the arguments, so they stand where the key does; and so do the method's own,
    // for the two to have one meaning where the key is of another macro.
    let [this, output, cx] = ["self", "output", "cx"].map(|name| Ident::new(name, key.name.span()));
    let call = quote_spanned! { key.name.span()=> __enact::Undo::undo(#this, #output, #cx) };
    Some(quote! {
        fn undo_with<'a>(
            &'a #this,
            #output: __enact::std::option::Option<&'a <Self as __enact::Run>::Output>,
            #cx: &'a __enact::Context,
        ) -> __enact::std::option::Option<
            __enact::BoxFuture<'a, __enact::std::result::Result<(), __enact::Failure>>,
        > {
            __enact::std::option::Option::Some(__enact::std::boxed::Box::pin(#call))
        }
    })
}

fn dry_run(item: &Item) -> Option<TokenStream> {
    let key = item.spec.dry_run.as_ref()?;
    // As for the undo.
    let [this, cx] = ["self", "cx"].map(|name| Ident::new(name, key.name.span()));
    let call = quote_spanned! { key.name.span()=> __enact::DryRun::dry_run(#this, #cx) };
    Some(quote! {
        fn dry_run_with<'a>(
            &'a #this,
            #cx: &'a __enact::Context,
        ) -> __enact::std::option::Option<
            __enact::BoxFuture<'a, __enact::std::result::Result<__enact::serde_json::Value, __enact::Failure>>,
        > {
            __enact::std::option::Option::Some(__enact::told(#call))
        }
    })
}
