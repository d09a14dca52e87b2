//! The action that runs a plan, for operators and language models.

use enact_action_core::__private::{Key, Label, Telemetry};
use enact_action_core::action::BoxFuture;
use enact_action_core::prelude::*;
use enact_action_core::registry::Entry;
use enact_action_core::spec::{Need, SourcePlace, Spec};
use serde_json::{Value, json};

use super::Plan;
use crate::graph::{Graph, NodeKind};

/// The actions that plans may use, as a resource of the context: `run_plan` needs it, and its
/// absence is an error when the program starts.
///
/// ```
/// use enact_action_core::{Context, Registry};
/// use enact_workflow::plan::PlanActions;
///
/// let harmless = Registry::global().filter(|entry| entry.spec().effect.as_str() == "read");
/// let cx = Context::builder().resource(PlanActions(harmless)).build();
/// # let _ = cx;
/// ```
#[derive(Debug, Clone)]
pub struct PlanActions(pub Registry);

/// Checks a plan of several steps over the actions that are allowed here, and runs it; a plan with
/// mistakes is refused whole, with each mistake named.
///
/// [`run_plan!`](crate::run_plan) makes it an action of the program.
#[derive(Debug, Params)]
#[params(crate = enact_action_core)]
pub struct RunPlan {
    /// The plan, in the form that the plan schema describes.
    pub plan: Value,
    /// The inputs that the plan declares under `params`.
    #[param(default)]
    pub inputs: std::collections::BTreeMap<String, Value>,
}

static LABELS: [Label; 1] = [Telemetry::label("run_plan")];
static RUNNING: Key = Telemetry::running(&LABELS);
#[doc(hidden)]
pub static RUN_PLAN: Entry = Entry::of::<RunPlan>();

/// Makes `run_plan` an action of this program, once in any of its crates.
///
/// It is no action by being linked in, since it would then be a tool of every model.
///
/// ```
/// use enact_action_core::Registry;
///
/// enact_workflow::run_plan!();
///
/// assert!(Registry::global().get("run_plan").is_some());
/// ```
#[macro_export]
macro_rules! run_plan {
    () => {
        $crate::__private::inventory::submit! {
            $crate::__private::SubmittedAction(&$crate::plan::RUN_PLAN)
        }
    };
}

// By hand, as the derive has no key for what only runs of steps are.
impl Action for RunPlan {
    const SPEC: Spec = {
        let place = SourcePlace {
            file: file!(),
            line: line!(),
        };
        let mut spec = Spec::new(
            "run_plan",
            "Checks a plan of several steps over the actions that are allowed here, and runs it; a \
             plan with mistakes is refused whole, with each mistake named.",
            place,
            Telemetry::new(&RUNNING),
        );
        spec.needs = &[Need::of::<PlanActions>()];
        // Of plans with such a step; which these are is known of each call.
        spec.confirm = Some("Shall this plan run?");
        spec.dry_run = true;
        // A saga that is cancelled has steps to undo.
        spec.ends_itself = true;
        spec
    };

    fn question_with(&self, cx: &Context) -> Option<&'static str> {
        // What can't be checked can't run either.
        let plan = self.checked(cx).ok()?;
        let mut steps = steps(plan.graph());
        steps
            .any(|(_, spec)| spec.confirm.is_some())
            .then_some(Self::SPEC.confirm)
            .flatten()
    }

    fn dry_run_with<'a>(
        &'a self,
        cx: &'a Context,
    ) -> Option<BoxFuture<'a, Result<Value, Failure>>> {
        Some(Box::pin(async {
            let plan = self.checked(cx)?;
            let writes = steps(plan.graph()).filter(|(_, spec)| spec.effect != Effect::Read);
            let writes = writes.map(|(path, spec)| json!({ "step": path, "action": spec.name }));
            Ok(json!({ "writes": writes.collect::<Value>() }))
        }))
    }
}

impl RunPlan {
    fn checked(&self, cx: &Context) -> Result<Plan, Failure> {
        let PlanActions(allowed) = cx.resource()?;
        // A plan that runs plans would have no bound.
        let allowed = allowed.filter(|entry| entry.name() != "run_plan");
        Plan::check(&self.plan, &allowed).map_err(super::Mistakes::into_failure)
    }
}

/// The actions that a plan runs, each with the path of its step.
fn steps(graph: &Graph) -> impl Iterator<Item = (&str, &'static Spec)> {
    graph.nodes.iter().filter_map(|node| match node.kind {
        NodeKind::Step { action, .. } => Some((&*node.path, action)),
        _ => None,
    })
}

// It is no answer to a missing `impl Run` of somebody's own action.
#[diagnostic::do_not_recommend]
impl Run for RunPlan {
    type Output = Value;

    async fn run(&self, cx: &Context) -> Result<Value, Failure> {
        let plan = self.checked(cx)?;
        let inputs = self.inputs.clone().into_iter().collect();
        plan.run(&Value::Object(inputs), cx).await
    }
}
