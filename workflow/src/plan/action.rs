//! The action that runs a plan, for operators and language models.

use enact_action_core::__private::{Key, Label, Telemetry};
use enact_action_core::prelude::*;
use enact_action_core::registry::Entry;
use enact_action_core::spec::{Need, SourcePlace, Spec};
use serde_json::Value;

use super::Plan;

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
        // A saga that is cancelled has steps to undo.
        spec.ends_itself = true;
        spec
    };
}

// It is no answer to a missing `impl Run` of somebody's own action.
#[diagnostic::do_not_recommend]
impl Run for RunPlan {
    type Output = Value;

    async fn run(&self, cx: &Context) -> Result<Value, Failure> {
        let PlanActions(allowed) = cx.resource()?;
        // A plan that runs plans would have no bound.
        let allowed = allowed.filter(|entry| entry.name() != "run_plan");
        let plan = Plan::check(&self.plan, &allowed).map_err(super::Mistakes::into_failure)?;
        let inputs = self.inputs.clone().into_iter().collect();
        plan.run(&Value::Object(inputs), cx).await
    }
}
