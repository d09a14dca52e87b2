//! Runs a checked plan on the same runtime as workflows: this only walks it.

use std::pin::pin;
use std::sync::Arc;

use enact_action_core::action::BoxFuture;
use enact_action_core::spec::Policy;
use enact_action_core::{Context, Failure};
use serde_json::Value;

use super::Plan;
use super::form::{Block, Branch, Each, Parallel, Statement, Step};
use super::template::Frame;
use crate::graph::NodeKind;
use crate::run::{Scope, Stacks, Whole, guarded};

/// Runs a plan with inputs that it has accepted.
///
/// # Errors
/// What the first step that failed says, with that step's path.
pub(crate) async fn run(plan: &Plan, inputs: Value, cx: &Context) -> Result<Value, Failure> {
    let policy = Policy {
        deadline: plan.graph.deadline,
        ..Policy::PLAIN
    };
    let whole = Whole::begin(&plan.graph, &policy, is_heard(plan), cx);
    let (scope, frame) = (whole.scope(), Frame::of(inputs, plan.slots));
    let body = pin!(guarded(scope, block(&plan.body, &frame, scope)));
    match whole.to_the_end(body).await {
        Ok(Flow::Answer(answer) | Flow::Stop(answer)) => {
            whole.finished();
            Ok(answer)
        }
        Err(failure) => Err(whole.failed(failure, false).await),
    }
}

/// Whether anybody listens to the actions of the plan: who listens to one listens to all.
fn is_heard(plan: &Plan) -> bool {
    let mut actions = plan.graph.nodes.iter().filter_map(|node| match &node.kind {
        NodeKind::Step { action, .. } => Some(action),
        _ => None,
    });
    actions
        .next()
        .is_some_and(|action| action.telemetry.is_heard())
}

/// How a block ended.
enum Flow {
    /// With its answer.
    Answer(Value),
    /// With the answer of the whole plan.
    Stop(Value),
}

fn block<'a>(
    block: &'a Block,
    frame: &'a Frame<'a>,
    scope: Scope<'a>,
) -> BoxFuture<'a, Result<Flow, Failure>> {
    Box::pin(async move {
        for statement in &block.statements {
            if let Some(answer) = one(statement, frame, scope).await? {
                return Ok(Flow::Stop(answer));
            }
        }
        block.answer.build(frame).map(Flow::Answer)
    })
}

/// Runs a statement; an answer, where it stops the plan.
async fn one<'a>(
    statement: &'a Statement,
    frame: &'a Frame<'a>,
    scope: Scope<'a>,
) -> Result<Option<Value>, Failure> {
    match statement {
        Statement::Step(step) => self::step(step, frame, scope).await.map(|()| None),
        Statement::Branch(branch) => self::branch(branch, frame, scope).await,
        Statement::Parallel(parallel) => {
            self::parallel(parallel, frame, scope).await.map(|()| None)
        }
        Statement::Each(each) => self::each(each, frame, scope).await.map(|()| None),
        Statement::Sleep { node, time } => scope.sleep(*node, *time).await.map(|()| None),
        Statement::Stop { node, answer } => {
            scope.stopped(*node);
            answer.build(frame).map(Some)
        }
    }
}

async fn step(step: &Step, frame: &Frame<'_>, scope: Scope<'_>) -> Result<(), Failure> {
    let params = step.params.build(frame);
    let params = params.map_err(|failure| scope.failed(step.node, failure))?;
    let run = scope.step_json(step.node, step.entry, params, &step.policy);
    frame.set(step.slot, run.await?);
    Ok(())
}

async fn branch<'a>(
    branch: &'a Branch,
    frame: &'a Frame<'a>,
    scope: Scope<'a>,
) -> Result<Option<Value>, Failure> {
    let chosen = branch.choose(frame);
    let (arm, chosen) = chosen.map_err(|failure| scope.failed(branch.node, failure))?;
    let arm = u32::try_from(arm).unwrap_or(u32::MAX);
    scope.branch(branch.node, arm).await?;
    match block(chosen, frame, scope).await? {
        Flow::Stop(answer) => Ok(Some(answer)),
        Flow::Answer(answer) => {
            frame.set(branch.slot, Arc::new(answer));
            Ok(None)
        }
    }
}

async fn parallel<'a>(
    parallel: &'a Parallel,
    frame: &'a Frame<'a>,
    scope: Scope<'a>,
) -> Result<(), Failure> {
    let arms: Vec<&Block> = parallel.arms.iter().collect();
    let (count, stacks) = (arms.len(), Stacks::of_arms(&scope, arms.len()));
    let arm = |scope, arm: &'a Block| -> BoxFuture<'_, _> {
        Box::pin(guarded(scope, block(arm, frame, scope)))
    };
    if parallel.collect {
        let results = scope.collect(count, &stacks, arms, arm).await?;
        results.into_iter().collect::<Result<Vec<_>, _>>()?;
    } else {
        scope.fan_out(count, &stacks, arms, arm).await?;
    }
    Ok(())
}

async fn each<'a>(each: &'a Each, frame: &'a Frame<'a>, scope: Scope<'a>) -> Result<(), Failure> {
    let items = each.items(frame);
    let items = items.map_err(|failure| scope.failed(each.node, failure))?;
    let items = scope.counted(each.node, items).await?;
    let max = each.max as usize;
    let stacks = Stacks::new(&scope, items.len());
    let arm = |scope, item| -> BoxFuture<'_, _> {
        Box::pin(guarded(scope, async move {
            let frame = Frame::inside(frame, item, each.slots);
            match block(&each.body, &frame, scope).await? {
                Flow::Answer(answer) | Flow::Stop(answer) => Ok(answer),
            }
        }))
    };
    let answers = if each.collect {
        let results = scope.collect(max, &stacks, items, arm).await?;
        results.into_iter().collect::<Result<Vec<_>, _>>()?
    } else {
        scope.fan_out(max, &stacks, items, arm).await?
    };
    drop(stacks);
    frame.set(each.slot, Arc::new(Value::Array(answers)));
    Ok(())
}
