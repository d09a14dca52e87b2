//! What a program says of its tools beyond what their actions say.

use std::collections::HashMap;

use rmcp::RoleServer;
use rmcp::model::{ClientCapabilities, ErrorData};
use rmcp::service::RequestContext;
use serde_json::Value;

use crate::error::Inner;
use crate::tools::Tools;

/// What a program says of its tools, by their names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    schemas: Vec<(String, Value)>,
    asked: Vec<(String, Value)>,
    needs: HashMap<String, (ClientCapabilities, Value)>,
}

impl Told {
    pub(crate) fn list(&mut self, tool: String, schema: Value) {
        self.schemas.push((tool, schema));
    }

    pub(crate) fn ask(&mut self, tool: String, capabilities: Value) {
        self.asked.push((tool, capabilities));
    }

    /// The same, held against the tools, which are listed with their schemas.
    pub(crate) fn checked(mut self, tools: &mut Tools) -> Result<Self, Inner> {
        for (name, schema) in std::mem::take(&mut self.schemas) {
            let Some(known) = tools.named_mut(&name) else {
                return Err(Inner::NoTool(name));
            };
            match schema {
                Value::Object(schema) if schema.get("type").is_some_and(|ty| ty == "object") => {
                    known.list(schema);
                }
                _ => {
                    return Err(Inner::Told(
                        name,
                        "its schema is not one of type \"object\"",
                    ));
                }
            }
        }
        for (name, asked) in std::mem::take(&mut self.asked) {
            if tools.named(&name).is_none() {
                return Err(Inner::NoTool(name));
            }
            let Ok(needed) = serde_json::from_value(asked.clone()) else {
                return Err(Inner::Told(
                    name,
                    "what it needs is not an object of capabilities",
                ));
            };
            self.needs.insert(name, (needed, asked));
        }
        Ok(self)
    }

    /// Lets the call through, unless its client lacks what the tool needs.
    pub(crate) fn admit(
        &self,
        tool: &str,
        asked: &RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        let Some((needed, names)) = self.needs.get(tool) else {
            return Ok(());
        };
        let has = asked
            .client_capabilities()
            .and_then(|has| serde_json::to_value(has).ok());
        let has = has.unwrap_or_default();
        let mut names = names.as_object().into_iter().flatten();
        if names.all(|(name, _)| has.get(name).is_some()) {
            Ok(())
        } else {
            Err(ErrorData::missing_required_client_capability(
                needed.clone(),
            ))
        }
    }
}
