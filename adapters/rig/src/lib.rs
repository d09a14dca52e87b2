//! The actions of a program as tools of [rig](https://docs.rs/rig-core)'s agents.
//!
//! Every action and every workflow of a registry is one of rig's tools: described by the schema that its params are read by, run
//! under its own policy, and answered so that a model can mend what was wrong. Whoever may not call everything
//! is given the tools of a view, as [`Registry::allow`] makes one. Of calls of actions marked `confirm` a [`Gate`] decides; those that
//! it would have somebody asked about are refused, since an agent has nobody to ask.
//!
//! ```
//! use enact_action_core as enact;
//! use enact::approval::Gate;
//! use enact::prelude::*;
//!
//! /// Adds two numbers.
//! #[derive(Action)]
//! #[action(effect = read, crate = enact_action_core)]
//! struct Add {
//!     /// The first.
//!     a: i32,
//!     /// The second.
//!     b: i32,
//! }
//!
//! impl Run for Add {
//!     type Output = i32;
//!     async fn run(&self, _cx: &Context) -> Result<i32, Failure> {
//!         Ok(self.a + self.b)
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let tools = enact_rig::tools(&Registry::open()?.allow(["add"])?, &Context::new(), &Gate::default())?;
//! assert_eq!(tools[0].name().to_string(), "add");
//! // rig_agent::AgentBuilder::new(model).tools(tools)
//! # Ok(())
//! # }
//! ```

use enact_action_core::approval::{Decision, Gate, refusal};
use enact_action_core::registry::Entry;
use enact_action_core::tool::{Dialect, Tool, ToolError};
use enact_action_core::{Context, Failure, Kind, Registry};
use rig_core::completion::message::ToolName;
use rig_core::tool::{DynamicTool, ToolErrorKind, ToolExecutionError, ToolOutput};
use serde_json::Value;

/// The registry's actions as rig's tools, in the order of their names, each of which runs in that context.
///
/// A call that rig gives up, as when its own run is dropped, is cancelled; a saga then goes back to its end. Calls need
/// a tokio runtime around them.
///
/// # Errors
/// Every action that can't be a tool, with what to change.
pub fn tools(
    registry: &Registry,
    cx: &Context,
    gate: &Gate,
) -> Result<Vec<DynamicTool>, ToolError> {
    let tools = registry.tools().build(Dialect::Mcp)?;
    let pairs = registry.iter().zip(tools);
    // A registry has no action without a name.
    let tools = pairs.filter_map(|(entry, tool)| {
        let name = ToolName::new(entry.name()).ok()?;
        let schema = tool.json()["inputSchema"].clone();
        let (cx, gate) = (cx.clone(), gate.clone());
        let call = move |arguments| {
            let params = params(&tool, arguments);
            Box::pin(call(entry, params, cx.clone(), gate.clone())) as Called
        };
        Some(DynamicTool::new(
            name,
            entry.spec().description,
            schema,
            call,
        ))
    });
    Ok(tools.collect())
}

type Called =
    std::pin::Pin<Box<dyn Future<Output = Result<ToolOutput, ToolExecutionError>> + Send>>;

/// The params that these arguments mean; what is no object is refused by the action itself.
fn params(tool: &Tool, arguments: Value) -> Value {
    tool.decode(arguments.clone()).unwrap_or(arguments)
}

async fn call(
    entry: &'static Entry,
    params: Value,
    cx: Context,
    gate: Gate,
) -> Result<ToolOutput, ToolExecutionError> {
    let (cx, token) = cx.child();
    let _guard = token.drop_guard();
    // A run of its own: what must be undone is undone, whether or not somebody waits.
    #[expect(
        clippy::disallowed_methods,
        reason = "it is awaited here, and hears by its context where nobody waits any more"
    )]
    let run = tokio::spawn(async move { approved(entry, params, &cx, &gate).await });
    match run.await {
        Ok(Ok(Value::String(text))) => Ok(ToolOutput::text(text)),
        Ok(Ok(output)) => Ok(ToolOutput::json(output)),
        Ok(Err(failure)) => Err(error(failure)),
        Err(_) => Err(ToolExecutionError::other("the run broke off")),
    }
}

/// Runs it, unless somebody would have to approve of it first.
async fn approved(
    entry: &'static Entry,
    params: Value,
    cx: &Context,
    gate: &Gate,
) -> Result<Value, Failure> {
    let proposal = entry.propose(params, cx)?;
    if proposal.question().is_some() {
        match gate.decide(&proposal).await {
            Decision::Allow => {}
            Decision::Deny(reason) => return Err(refusal::denied(&reason)),
            Decision::Ask => return Err(refusal::needed(&proposal.preview().await?)),
        }
    }
    proposal.run(cx).await
}

/// The failure in rig's terms: all that a model can act on is its feedback.
fn error(failure: Failure) -> ToolExecutionError {
    let kind = match failure.kind() {
        Kind::Invalid => ToolErrorKind::InvalidArgs,
        Kind::Timeout => ToolErrorKind::Timeout,
        Kind::Cancelled => ToolErrorKind::Cancelled,
        _ => ToolErrorKind::Other,
    };
    let feedback = match failure.violations() {
        Some(violations) => violations.for_model(),
        // What a panic said may be anything, secrets too.
        None if failure.kind() == Kind::Panicked => {
            "the action broke off by a defect of its own".to_owned()
        }
        None => format!("{} [{}]", failure.message(), failure.code()),
    };
    let message = format!("{} [{}]", failure.message(), failure.code());
    ToolExecutionError::new(kind, message)
        .with_code(failure.code())
        .with_retryable(failure.is_retryable())
        .with_model_feedback(feedback)
}
