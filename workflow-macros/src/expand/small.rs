//! The statements that are one call each.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned as _;

use super::body::{bind, node, statement};
use super::env::{Env, Kind};
use super::given::{self, alias};
use super::{local, numbered, scope};
use crate::model::{Emit, Let, Repeat, Retry, Sleep, Stop, Time, Wait, With};

pub(super) fn repeat(repeat: &Repeat, env: &mut Env) -> TokenStream {
    let (scope, at, max) = (scope(), node(repeat.node), repeat.max);
    let (pass, around) = (local("__pass"), local("__around"));
    let mut inside = env.clone();
    let result = local("__result");
    let statements: TokenStream = repeat
        .body
        .statements
        .iter()
        .map(|inner| statement(inner, &mut inside))
        .collect();
    let value = match &repeat.body.answer {
        Some(answer) => inside.value(answer),
        None => quote! { () },
    };
    let named = repeat.name.as_ref().map(|name| {
        inside.add(name, Kind::Behind);
        quote! { let #name = &#result; }
    });
    let until = inside.expr(&repeat.until);
    let value = quote! {{
        let mut #pass = 0_u32;
        let #around = #scope;
        loop {
            let #scope = &#around.pass(#pass);
            #statements
            let #result = #value;
            #named
            if #until { break #result; }
            #pass += 1;
            if #pass == #max {
                return __w::std::result::Result::Err(#around.exhausted(#at, #max));
            }
        }
    }};
    bind(repeat.name.as_ref(), &value, env)
}

pub(super) fn binding(binding: &Let, env: &mut Env) -> TokenStream {
    let (token, pattern) = (&binding.token, &binding.pattern);
    let ty = binding.ty.as_ref().map(|ty| quote! { : #ty });
    let value = env.value(&binding.value);
    env.add_pattern(pattern, Kind::Plain);
    quote! { #token #pattern #ty = #value; }
}

pub(super) fn sleep(sleep: &Sleep, env: &Env) -> TokenStream {
    let (scope, at) = (scope(), node(sleep.node));
    let time = match &sleep.time {
        Time::Known(time, _) => duration(*time),
        Time::Computed(expr) => env.value(expr),
    };
    quote_spanned! { sleep.keyword.span()=> #scope.sleep(#at, #time).await?; }
}

pub(super) fn wait(wait: &Wait, env: &mut Env) -> TokenStream {
    let (scope, at) = (scope(), node(wait.node));
    let alias = alias(wait.node, &wait.signal);
    let timeout = option(wait.timeout.as_ref().map(|(time, _)| duration(*time)));
    let (signal, subject) = (local("__signal"), local("__subject"));
    let (mut values, mut names) = (TokenStream::new(), TokenStream::new());
    let mut tests = quote! { true };
    for (index, condition) in wait.conditions.iter().enumerate() {
        let (field, value) = (&condition.field, env.expr(&condition.value));
        let span = condition.value.span();
        let expected = numbered("__expected", index);
        let same = if field == "subject" {
            let text = quote_spanned! { span=> __w::Subject::text(&(#value)) };
            values.extend(quote! { #text, });
            quote! { #subject == __w::std::option::Option::Some(#expected) }
        } else {
            let whole = quote! { <#alias as __w::ASignal>::Itself };
            let field = quote! { |#signal: &#whole| &#signal.#field };
            let picks = quote_spanned! { span=> __w::Equals::picks(&(#value), #field) };
            values.extend(quote! { #picks, });
            quote! { #expected(#signal) }
        };
        names.extend(quote! { #expected, });
        tests.extend(quote! { && #same });
    }
    let call = quote_spanned! { alias.span()=>
        #scope.wait::<<#alias as __w::ASignal>::Itself>(#at, #timeout, |#signal, #subject| #tests)
    };
    // What is made for the comparison lives as long as the match.
    let value = if wait.conditions.is_empty() {
        quote! { #call.await? }
    } else {
        quote! { match (#values) { (#names) => #call.await?, } }
    };
    let received = numbered("__received", wait.node);
    match &wait.name {
        None => quote! { #value; },
        Some(name) => {
            env.add(name, Kind::Behind);
            quote! { let #received = #value; let #name = &#received; }
        }
    }
}

pub(super) fn emit(emit: &Emit, env: &Env) -> TokenStream {
    let (scope, at) = (scope(), node(emit.node));
    let alias = alias(emit.node, &emit.signal);
    let signal = given::signal(&alias, &emit.given, env);
    let subject = option(emit.subject.as_ref().map(|subject| {
        let value = env.expr(subject);
        quote_spanned! { subject.span()=> __w::Subject::text(&(#value)).to_owned() }
    }));
    let call = quote_spanned! { alias.span()=> #scope.emit(#at, #signal, #subject) };
    quote! { #call.await?; }
}

pub(super) fn stop(stop: &Stop, env: &Env) -> TokenStream {
    let (scope, at, result) = (scope(), node(stop.node), local("__result"));
    let output = env.output();
    let value = match &stop.answer {
        Some(answer) => env.value(answer),
        None => quote_spanned! { stop.keyword.span()=> () },
    };
    quote! {
        #scope.stopped(#at);
        let #result: #output = #value;
        return __w::std::result::Result::Ok(#result);
    }
}

/// An arm that is a task of its own: what it reads is cloned for it.
pub(super) fn spawned(part: &Ident, names: &[Ident], env: &Env, code: &TokenStream) -> TokenStream {
    let scope = scope();
    let (own, body) = (local("__own"), local("__body"));
    let clones = names.iter().map(|name| match env.kind(name) {
        Some(Kind::Behind) => quote_spanned! { name.span()=> let #name = (*#name).clone(); },
        Some(Kind::Plain) | None => quote_spanned! { name.span()=> let #name = #name.clone(); },
    });
    let behind = names.iter().map(|name| quote! { let #name = &#name; });
    quote! {{
        let #own = #part.spawned(&__GRAPH);
        #(#clones)*
        __w::spawn(#part, #own, move |#body: __w::Scope<'_>| __w::std::boxed::Box::pin(async move {
            let #scope = &#body;
            #(#behind)*
            #code
        }))
    }}
}

/// The policy of a step: its action's, with what the step says instead.
pub(super) fn policy(alias: &Ident, with: &With) -> TokenStream {
    let mut keys = TokenStream::new();
    if let Some((timeout, _)) = &with.timeout {
        let timeout = option(Some(duration(*timeout)));
        keys.extend(quote! { timeout: #timeout, });
    }
    if let Some((retry, _)) = &with.retry {
        let retry = option(Some(self::retry(retry)));
        keys.extend(quote! { retry: #retry, });
    }
    let own = quote! { __w::Of::<#alias>::SPEC.policy };
    if keys.is_empty() {
        quote! { const { &#own } }
    } else {
        quote! { const { &__enact::Policy { #keys ..#own } } }
    }
}

pub(super) fn retry(retry: &Retry) -> TokenStream {
    let times = retry.times;
    let backoff = retry.backoff.map(|(first, most)| {
        let (first, most) = (duration(first), duration(most));
        quote! { .backoff(#first, #most) }
    });
    quote! { __enact::Retry::times(#times) #backoff }
}

pub(super) fn duration(time: Duration) -> TokenStream {
    let (seconds, nanos) = (time.as_secs(), time.subsec_nanos());
    quote! { __w::std::time::Duration::new(#seconds, #nanos) }
}

pub(super) fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote! { __w::std::option::Option::Some(#value) },
        None => quote! { __w::std::option::Option::None },
    }
}
