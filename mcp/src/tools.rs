//! The tools as clients see them, built once.

use std::collections::HashMap;
use std::sync::Arc;

use enact_action_core::Registry;
use enact_action_core::registry::Entry;
use enact_action_core::tool::{self, Dialect};
use rmcp::model::{ErrorData, JsonObject, ListToolsResult, Tool};
use serde_json::Value;

use crate::TARGET;
use crate::allow::Allow;
use crate::error::Inner;

/// The keyword of MCP for a param that clients mirror in the header `Mcp-Param-…`, so that what routes requests need not read them.
const HEADER: &str = "x-mcp-header";

/// The tools of a registry, in the order of their names.
#[derive(Debug)]
pub(crate) struct Tools {
    list: Vec<Known>,
    by_name: HashMap<&'static str, usize>,
}

/// One action as a tool.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) entry: &'static Entry,
    /// What decodes arguments.
    tool: tool::Tool,
    /// What is listed.
    listed: Tool,
    /// Its name and schema alone, where clients mirror params of it in headers.
    mirrored: Option<Tool>,
}

impl Tools {
    pub(crate) fn build(registry: &Registry) -> Result<Self, Inner> {
        let tools = registry.tools().build(Dialect::Mcp).map_err(Inner::Tools)?;
        let known = registry.iter().zip(tools).map(|(entry, tool)| {
            let mut json = tool.json().clone();
            mirrored(entry.schema(), &mut json);
            let listed: Tool = serde_json::from_value(json).map_err(Inner::Unreadable)?;
            // Asked here, so that the first call need not wait for it.
            if listed.output_schema.is_some()
                && let Some(defects) = entry.output_defects()
            {
                tracing::warn!(target: TARGET, tool = entry.name(), %defects, "outputs are not checked");
            }
            Ok(Known {
                entry,
                tool,
                mirrored: mirrors(&listed.input_schema).then(|| bare(&listed)),
                listed,
            })
        });
        let list = known.collect::<Result<Vec<_>, Inner>>()?;
        let names = list.iter().enumerate();
        let by_name = names.map(|(at, known)| (known.entry.name(), at)).collect();
        Ok(Self { list, by_name })
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The tool of that name, for whoever makes the server.
    pub(crate) fn named_mut(&mut self, name: &str) -> Option<&mut Known> {
        let at = *self.by_name.get(name)?;
        self.list.get_mut(at)
    }

    /// The tool of that name, where it is allowed.
    pub(crate) fn get(&self, name: &str, allow: &Allow) -> Option<&Known> {
        self.named(name).filter(|_| allow.admits(name))
    }

    /// The tool of that name, whoever may call it.
    pub(crate) fn named(&self, name: &str) -> Option<&Known> {
        self.list.get(*self.by_name.get(name)?)
    }

    /// The page after the tool that the cursor names; of all, where there is no cursor.
    pub(crate) fn page(
        &self,
        cursor: Option<&str>,
        most: usize,
        allow: &Allow,
    ) -> Result<ListToolsResult, ErrorData> {
        let from = match cursor {
            None => 0,
            Some(cursor) => self.by_name.get(cursor).map(|at| at + 1).ok_or_else(|| {
                let text = "the cursor is none of this server's; list from the beginning";
                ErrorData::invalid_params(text, None)
            })?,
        };
        let mut allowed = self.list[from..]
            .iter()
            .filter(|known| allow.admits(known.entry.name()));
        let page: Vec<Tool> = allowed
            .by_ref()
            .take(most.max(1))
            .map(|known| known.listed.clone())
            .collect();
        let last = page.last().map(|tool| tool.name.to_string());
        let mut result = ListToolsResult::with_all_items(page);
        result.next_cursor = allowed.next().and(last);
        Ok(result)
    }
}

/// Says of params that clients mirror in a header of HTTP that they do.
fn mirrored(schema: &Value, tool: &mut Value) {
    for (name, param) in schema["properties"].as_object().into_iter().flatten() {
        let listed = tool.pointer_mut("/inputSchema/properties");
        let listed = listed.and_then(|properties| properties.get_mut(name));
        if let (Some(header), Some(listed)) = (param.get(HEADER), listed) {
            listed[HEADER] = header.clone();
        }
    }
}

/// Whether clients mirror a param of it, or one within a param, in a header.
fn mirrors(schema: &JsonObject) -> bool {
    let mut within = schema.values();
    schema.contains_key(HEADER) || within.any(|value| value.as_object().is_some_and(mirrors))
}

/// The name and the schema of a tool.
fn bare(tool: &Tool) -> Tool {
    Tool::new(tool.name.clone(), "", Arc::clone(&tool.input_schema))
}

impl Known {
    /// The params that these arguments mean.
    pub(crate) fn params(&self, arguments: Value) -> Value {
        // Arguments are an object by the protocol's own type.
        self.tool.decode(arguments).unwrap_or_default()
    }

    /// The action, where the tool says what its output is.
    pub(crate) fn described(&self) -> Option<&'static Entry> {
        self.listed.output_schema.is_some().then_some(self.entry)
    }

    /// Lists another schema of its params.
    pub(crate) fn list(&mut self, schema: JsonObject) {
        self.listed.input_schema = Arc::new(schema);
        self.mirrored = mirrors(&self.listed.input_schema).then(|| bare(&self.listed));
    }

    /// The tool as the headers of a request are held against it; none, where there is nothing to hold.
    pub(crate) fn mirrored(&self) -> Option<&Tool> {
        self.mirrored.as_ref()
    }
}
