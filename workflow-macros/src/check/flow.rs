//! Where control may go: no `?` and no `return` in expressions, `stop` and recursion only where
//! they can be followed.

use enact_macro_support::Diag;
use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{Expr, ExprAsync, ExprClosure, ExprForLoop, ExprLoop, ExprWhile};

use super::walk::{Item, walk};
use crate::model::{Statement, Step, Workflow};
use crate::walk::is_itself;

/// How deep loops may stand in each other.
const DEPTH: usize = 6;

pub(super) fn check(workflow: &Workflow, diag: &mut Diag) {
    let mut stops = false;
    walk(&workflow.body, &mut |item, around| match item {
        Item::Block(block) => {
            if let Some(answer) = &block.answer {
                Leaps::check(answer, diag);
            }
        }
        Item::Statement(statement) => {
            for expr in statement.exprs() {
                Leaps::check(expr, diag);
            }
            match statement {
                Statement::Stop(_) => {
                    stops = true;
                    stop(statement, around, diag);
                }
                Statement::Step(step) => {
                    if !stops {
                        recursion(step, workflow, around, diag);
                    }
                }
                Statement::FanOut(_) | Statement::Repeat(_) => depth(statement, around, diag),
                Statement::Branch(_)
                | Statement::Parallel(_)
                | Statement::Let(_)
                | Statement::Sleep(_)
                | Statement::Wait(_)
                | Statement::Emit(_) => {}
            }
        }
    });
}

fn stop(statement: &Statement, around: &[&Statement], diag: &mut Diag) {
    let beside = |it: &&&Statement| matches!(it, Statement::Parallel(_) | Statement::FanOut(_));
    if around.iter().any(|it| beside(&it)) {
        diag.note(
            statement.keyword(),
            "an arm of `parallel` can't stop the others: answer what it has found, and write \
             `branch if … { stop …; }` behind the block",
        );
    }
}

fn recursion(step: &Step, workflow: &Workflow, around: &[&Statement], diag: &mut Diag) {
    let may_end = around
        .iter()
        .any(|it| matches!(it, Statement::Branch(_) | Statement::Repeat(_)));
    if is_itself(workflow, step) && !may_end {
        diag.note(
            &step.action,
            format!(
                "`{}` would run itself without an end: put this step into a `branch` that some \
                 runs don't take",
                workflow.ident
            ),
        );
    }
}

fn depth(statement: &Statement, around: &[&Statement], diag: &mut Diag) {
    let cycle = |it: &&Statement| matches!(it, Statement::FanOut(_) | Statement::Repeat(_));
    // The one at the limit tells of all inside of it.
    if around.iter().copied().filter(cycle).count() == DEPTH {
        diag.note(
            statement.keyword(),
            format!(
                "loops stand at most {DEPTH} deep in each other: make a workflow of the inner \
                 ones and run it as a step"
            ),
        );
    }
}

/// Finds what would leave an expression of a workflow.
struct Leaps<'d> {
    diag: &'d mut Diag,
    /// Whether `break` and `continue` have a loop of their own.
    cycle: bool,
}

impl<'d> Leaps<'d> {
    fn check(expr: &Expr, diag: &'d mut Diag) {
        Self { diag, cycle: false }.visit_expr(expr);
    }

    fn inside(&mut self, walk: impl FnOnce(&mut Self)) {
        let outside = std::mem::replace(&mut self.cycle, true);
        walk(self);
        self.cycle = outside;
    }
}

impl<'ast> Visit<'ast> for Leaps<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        let found = match expr {
            Expr::Try(it) => Some((it.question_token.to_token_stream(), QUESTION)),
            Expr::Return(it) => Some((it.return_token.to_token_stream(), RETURN)),
            Expr::Await(it) => Some((it.await_token.to_token_stream(), AWAIT)),
            Expr::Break(it) if !self.cycle && it.label.is_none() => {
                Some((it.break_token.to_token_stream(), BREAK))
            }
            Expr::Continue(it) if !self.cycle && it.label.is_none() => {
                Some((it.continue_token.to_token_stream(), BREAK))
            }
            _ => None,
        };
        if let Some((token, what)) = found {
            self.diag.note(token, what);
        }
        visit::visit_expr(self, expr);
    }

    fn visit_expr_loop(&mut self, cycle: &'ast ExprLoop) {
        self.inside(|walk| visit::visit_expr_loop(walk, cycle));
    }

    fn visit_expr_while(&mut self, cycle: &'ast ExprWhile) {
        self.inside(|walk| visit::visit_expr_while(walk, cycle));
    }

    fn visit_expr_for_loop(&mut self, cycle: &'ast ExprForLoop) {
        self.inside(|walk| visit::visit_expr_for_loop(walk, cycle));
    }

    // These have a way out of their own.
    fn visit_expr_closure(&mut self, _: &'ast ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast ExprAsync) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

const QUESTION: &str = "a workflow has no `?`, since a step that fails ends the run by itself: \
                        write `branch name = match … { … };` for a value that may be missing, or \
                        do this in an action";
const RETURN: &str = "a workflow answers early with `stop value;`, a statement of its own: write \
                      `branch if … { stop value; }`";
const AWAIT: &str = "what waits is a step: do this in an action, and write \
                     `step name = Action { … };`";
const BREAK: &str = "only `until` ends a `repeat`: write `repeat max 10 { … } until done;`";
