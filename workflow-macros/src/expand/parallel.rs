//! `parallel { … }`: arms side by side.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::body::{Answer, answered, held};
use super::env::{Env, Kind};
use super::uses::uses;
use super::{branch, local, numbered, scope, small};
use crate::model::{Parallel, ParallelArm, Statement};
use crate::walk::Inside;

/// Runs the arms, and binds what each answers.
pub(super) fn statement(parallel: &Parallel, env: &mut Env) -> TokenStream {
    let count = parallel.arms.len();
    let (fork, scope) = (local("__fork"), scope());
    let around = if parallel.modes.spawn.is_some() {
        env.behind()
    } else {
        env.clone()
    };
    let arms: Vec<TokenStream> = parallel
        .arms
        .iter()
        .enumerate()
        .map(|(index, arm)| future(parallel, index, arm, env, &around))
        .collect();
    let each: Vec<Ident> = (0..count).map(|index| numbered("__arm", index)).collect();
    let join = if parallel.modes.collect.is_some() {
        quote! {
            #fork.collect([#(&mut #each),*]).await?;
            (#(#each.result(),)*)
        }
    } else {
        quote! {
            #fork.join([#(&mut #each),*]).await?;
            (#(#each.result()?,)*)
        }
    };
    let outcomes: Vec<Ident> = (0..count)
        .map(|index| numbered(&format!("__outcome{}_", parallel.node), index))
        .collect();
    let binds: TokenStream = parallel
        .arms
        .iter()
        .zip(&outcomes)
        .map(|(arm, outcome)| bind(parallel, arm, outcome, env))
        .collect();
    quote! {
        let (#(#outcomes,)*) = {
            let #fork = __w::Fork::<#count>::new(#scope);
            #(#arms)*
            #join
        };
        #binds
    }
}

/// One arm: its scope, its future, and what polls it.
fn future(
    parallel: &Parallel,
    index: usize,
    arm: &ParallelArm,
    env: &Env,
    around: &Env,
) -> TokenStream {
    let (fork, scope) = (local("__fork"), scope());
    let part = numbered("__part", index);
    let (future, polled) = (numbered("__future", index), numbered("__arm", index));
    let code = code(arm, &mut around.clone());
    let body = numbered("__body", index);
    let run = if parallel.modes.spawn.is_some() {
        let names = match arm {
            ParallelArm::One(statement) => uses(&Inside::One(statement), env),
            ParallelArm::Block { body, .. } => uses(&Inside::Block(body), env),
        };
        small::spawned(&part, &names, env, &code)
    } else {
        quote! { __w::guarded(#part, #body) }
    };
    let run = if parallel.modes.collect.is_some() {
        quote! { __w::collected(#part, #run) }
    } else {
        run
    };
    // Pinned before it is guarded, so that it is not moved.
    let pinned = parallel.modes.spawn.is_none().then(|| {
        quote! { let #body = __w::std::pin::pin!(async { let #scope = &#part; #code }); }
    });
    quote! {
        let #part = #fork.arm(#index);
        #pinned
        let #future = __w::std::pin::pin!(#run);
        let mut #polled = __w::Arm::new(#future);
    }
}

/// What an arm does, as the body of an async block.
fn code(arm: &ParallelArm, env: &mut Env) -> TokenStream {
    let value = match arm {
        ParallelArm::Block { body, .. } => return answered(body, env, Answer::Arm),
        ParallelArm::One(Statement::Step(step)) => held(step, env),
        ParallelArm::One(Statement::Branch(branch)) => branch::value(branch, env),
        ParallelArm::One(other) => {
            let statement = super::body::statement(other, env);
            quote! { { #statement } }
        }
    };
    let result = local("__result");
    quote! {
        let #result = #value;
        __w::std::result::Result::Ok::<_, __enact::Failure>(#result)
    }
}

/// Binds the name of an arm to what came of it.
fn bind(parallel: &Parallel, arm: &ParallelArm, outcome: &Ident, env: &mut Env) -> TokenStream {
    let collect = parallel.modes.collect.is_some();
    let (name, of_step) = match arm {
        ParallelArm::One(Statement::Step(step)) => (&step.name, true),
        ParallelArm::One(Statement::Branch(branch)) => (&branch.name, false),
        ParallelArm::One(_) => return TokenStream::new(),
        ParallelArm::Block { name, .. } => (name, false),
    };
    let Some(name) = name else {
        return TokenStream::new();
    };
    match (of_step, collect) {
        (true, false) => {
            env.add(name, Kind::Behind);
            quote! { let #name = #outcome.output(); }
        }
        (true, true) => {
            env.add(name, Kind::Plain);
            quote! { let #name = #outcome.as_ref().map(|held| held.output()); }
        }
        (false, false) => {
            env.add(name, Kind::Plain);
            quote! { let #name = #outcome; }
        }
        (false, true) => {
            env.add(name, Kind::Plain);
            quote! { let #name = #outcome.as_ref(); }
        }
    }
}
