//! What a call is answered with: an output as content, a failure as text that a model can act on.

use std::fmt::Write as _;

use enact_action_core::params::Violations;
use enact_action_core::registry::Entry;
use enact_action_core::{Failure, Kind};
use rmcp::model::{CallToolResult, ContentBlock, MetaObject};
use serde_json::Value;

use crate::{FAILURE, TARGET};

/// The answer that holds an output: structured, where the tool describes it, and an error where it is not as described.
pub(crate) fn output(mut output: Value, described: Option<&Entry>, most: usize) -> CallToolResult {
    let text = match &output {
        Value::Null => "done".to_owned(),
        Value::String(text) => text.clone(),
        output => output.to_string(),
    };
    if text.len() > most {
        return too_long(text.len(), most);
    }
    if let Some(Err(violations)) = described.map(|entry| entry.check_output(&mut output)) {
        return undescribed(text, &violations);
    }
    let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
    result.structured_content = described.map(|_| output);
    result
}

/// The answer that holds an output which breaks the promise of the tool's `outputSchema`: as text, since it is all that tells what
/// the action did.
fn undescribed(output: String, violations: &Violations) -> CallToolResult {
    tracing::error!(target: TARGET, %violations, "an output is not what its schema describes");
    let text = format!(
        "the action ran, but its output is not what the tool's outputSchema describes, which is a defect of the program; \
         the output is below as it is\n{violations}"
    );
    let mut result = failure(&Failure::terminal("mcp.undescribed", text));
    result.content.push(ContentBlock::text(output));
    result
}

/// The answer that holds content, block by block.
pub(crate) fn content(output: Value, most: usize) -> CallToolResult {
    let length = output.to_string().len();
    if length > most {
        return too_long(length, most);
    }
    match serde_json::from_value(output) {
        Ok(blocks) => CallToolResult::success(blocks),
        Err(error) => failure(&Failure::from(error)),
    }
}

fn too_long(length: usize, most: usize) -> CallToolResult {
    let text = format!(
        "the action ran, and its answer has {length} bytes, which is more than the {most} that this server sends"
    );
    failure(&Failure::terminal("mcp.answer_too_long", text))
}

/// The answer that tells a failure; everything a model needs is in the text, since clients drop the rest.
pub(crate) fn failure(failure: &Failure) -> CallToolResult {
    let mut result = CallToolResult::error(vec![ContentBlock::text(text(failure))]);
    // What a panic said may be anything, secrets too: it is for the log.
    if failure.kind() != Kind::Panicked
        && let Ok(json) = serde_json::to_value(failure)
    {
        let mut meta = MetaObject::default();
        meta.insert(FAILURE.to_owned(), json);
        result.meta = Some(meta);
    }
    result
}

fn text(failure: &Failure) -> String {
    if let Some(violations) = failure.violations() {
        return violations.for_model();
    }
    let message = match failure.kind() {
        Kind::Panicked => "the action broke off by a defect of its own",
        _ => failure.message(),
    };
    let mut text = format!("{message} [{}]", failure.code());
    if let Some(step) = failure.step() {
        // Writing to a String can't fail.
        let _ = write!(text, "\nThe step {step} failed.");
    }
    if let Some(undone) = failure.undone() {
        text.push_str(if undone.is_done() {
            "\nWhat was done before has been undone."
        } else {
            "\nNot all that was done before could be undone; tell whoever is responsible."
        });
    }
    text.push('\n');
    text.push_str(&next(failure));
    text
}

/// What to do next.
fn next(failure: &Failure) -> String {
    match (failure.kind(), failure.wait()) {
        _ if failure.code() == "confirm.refused" => {
            "Call again without it, and somebody is asked.".to_owned()
        }
        (_, Some(wait)) if failure.is_retryable() => {
            format!("Wait {} s, then call again.", wait.as_secs_f64().ceil())
        }
        _ if failure.is_retryable() => "Calling again may succeed.".to_owned(),
        (Kind::Timeout, _) => {
            "It may have done part of its work; find out before calling again.".to_owned()
        }
        (Kind::Cancelled, _) => "Call again if it is still wanted.".to_owned(),
        _ => "Calling again with the same arguments will not help.".to_owned(),
    }
}

/// Whether the same call would be given the same answer: nothing is left to try.
pub(crate) fn is_final(answer: &Result<Value, Failure>) -> bool {
    match answer {
        Ok(_) => true,
        Err(failure) => {
            matches!(failure.kind(), Kind::Failed | Kind::Panicked) && !failure.is_retryable()
        }
    }
}

/// The failure of a call beyond what runs at once.
pub(crate) fn busy(most: usize) -> Failure {
    let text = format!("{most} calls are running, which is the most that this server takes");
    Failure::retryable("mcp.busy", text)
}

/// The failure of a call beyond those that wait for another's answer.
pub(crate) fn crowded(most: usize) -> Failure {
    let text = format!(
        "{most} calls wait for another of their key, which is the most that this server lets wait"
    );
    Failure::retryable("mcp.busy", text)
}

/// The failure of a call whose action has not ended when it had to.
pub(crate) fn late() -> Failure {
    let text = "the action did not end when its time was over, and goes on unseen";
    Failure::timeout("timeout.unended", false, text)
}
