//! What would never run, or run nothing.

use enact_macro_support::Diag;

use super::walk::{Item, walk};
use crate::model::{Block, Branch, Choice, Parallel, ParallelArm, Statement, Workflow};

pub(super) fn check(workflow: &Workflow, whole: bool, diag: &mut Diag) {
    let mut does = false;
    walk(&workflow.body, &mut |item, _| match item {
        Item::Block(block) => behind_stop(block, diag),
        Item::Statement(statement) => {
            does |= matches!(
                statement,
                Statement::Step(_) | Statement::Sleep(_) | Statement::Wait(_) | Statement::Emit(_)
            );
            if whole {
                empty(statement, diag);
            }
        }
    });
    if whole && !does {
        let ident = &workflow.ident;
        diag.note(
            ident,
            format!(
                "`{ident}` has no step, so it is a plain function: write `step name = Action \
                 {{ … }};`, or make it an action"
            ),
        );
    }
}

fn behind_stop(block: &Block, diag: &mut Diag) {
    const WHAT: &str = "nothing behind `stop` is ever run: take this out, or put the `stop` into \
                        `branch if … { stop …; }`";
    let mut statements = block.statements.iter();
    if !statements.any(|it| matches!(it, Statement::Stop(_))) {
        return;
    }
    match (statements.next(), &block.answer) {
        (Some(next), _) => diag.note(next.keyword(), WHAT),
        (None, Some(answer)) => diag.note(answer, WHAT),
        (None, None) => {}
    }
}

fn empty(statement: &Statement, diag: &mut Diag) {
    match statement {
        Statement::Branch(branch) => branch_arms(branch, diag),
        Statement::Parallel(parallel) => parallel_arms(parallel, diag),
        Statement::FanOut(fan_out) if fan_out.body.statements.is_empty() => diag.note(
            &fan_out.keyword,
            "this does nothing for each item: write a step into it, or `let` with an iterator \
             for a mere computation",
        ),
        Statement::Repeat(repeat) if repeat.body.statements.is_empty() => diag.note(
            &repeat.keyword,
            "this repeats nothing: write a step into it, or take it out",
        ),
        Statement::FanOut(_)
        | Statement::Repeat(_)
        | Statement::Step(_)
        | Statement::Let(_)
        | Statement::Sleep(_)
        | Statement::Wait(_)
        | Statement::Emit(_)
        | Statement::Stop(_) => {}
    }
}

fn branch_arms(branch: &Branch, diag: &mut Diag) {
    if let Choice::Match { arms, token, .. } = &branch.choice
        && arms.is_empty()
    {
        diag.note(
            token,
            "this branch has no arms: write `Pattern => { … }` for each case",
        );
    }
}

fn parallel_arms(parallel: &Parallel, diag: &mut Diag) {
    match parallel.arms.as_slice() {
        [] => diag.note(
            &parallel.keyword,
            "this block has no arms: write two steps or more into it, or take it out",
        ),
        [_] => diag.note(
            &parallel.keyword,
            "one arm runs beside nothing: write another, or take the arm out of the block",
        ),
        arms => {
            for arm in arms {
                if let ParallelArm::Block { body, span, .. } = arm
                    && body.statements.is_empty()
                {
                    diag.add(syn::Error::new(
                        *span,
                        "this arm does nothing: write a step into it, or take it out",
                    ));
                }
            }
        }
    }
}
