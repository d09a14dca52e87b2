//! Takes secrets and classed values out of JSON, by the marks in the schema.

use serde_json::Value;

use super::Reader;
use super::node::{Id, Rest, Union};
use crate::params::show;

/// What is taken out.
#[derive(Clone, Copy)]
enum Hide {
    /// Secrets and what has a class: for logs.
    All,
    /// Secrets alone: for whoever decides about a call, and has to know what it is about.
    Secrets,
}

impl Reader {
    /// Replaces each secret by `[secret]` and each classed value by its class in brackets.
    pub fn redact(&self, json: &mut Value) {
        if self.has_secrets {
            self.redact_at(self.root, json, Hide::All);
        }
    }

    /// Replaces each secret by `[secret]`, and nothing else.
    pub(crate) fn hide_secrets(&self, json: &mut Value) {
        if self.has_secrets {
            self.redact_at(self.root, json, Hide::Secrets);
        }
    }

    fn redact_at(&self, id: Id, json: &mut Value, hide: Hide) {
        let node = &self.nodes[id.0 as usize];
        if json.is_null() {
            return;
        }
        if node.is_secret() {
            *json = show::SECRET.into();
            return;
        }
        if let (Some(class), Hide::All) = (&node.class, hide) {
            *json = format!("[{class}]").into();
            return;
        }
        for part in &node.all {
            self.redact_at(*part, json, hide);
        }
        self.redact_union(node.union.as_ref(), json, hide);
        match json {
            Value::Object(map) => {
                let Some(rules) = &node.record else { return };
                for (key, value) in map.iter_mut() {
                    match (rules.field(key), rules.rest) {
                        (Some(field), _) => self.redact_at(field.node, value, hide),
                        (None, Rest::Each(id)) => self.redact_at(id, value, hide),
                        (None, Rest::Open | Rest::Named | Rest::Closed) => {}
                    }
                }
            }
            Value::Array(items) => {
                let Some(rules) = &node.list else { return };
                for (index, item) in items.iter_mut().enumerate() {
                    match (rules.first.get(index), rules.rest) {
                        (Some(id), _) => self.redact_at(*id, item, hide),
                        (None, Rest::Each(id)) => self.redact_at(id, item, hide),
                        (None, Rest::Open | Rest::Named | Rest::Closed) => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// Every arm may take out what it knows as secret: rather too much than too little.
    fn redact_union(&self, union: Option<&Union>, json: &mut Value, hide: Hide) {
        match union {
            None => {}
            Some(Union::Nullable(arm)) => self.redact_at(*arm, json, hide),
            Some(Union::Tagged { key, arms }) => {
                let tag = json.get(&**key).and_then(Value::as_str).map(str::to_owned);
                let arm = arms
                    .iter()
                    .find(|(name, _)| Some(&**name) == tag.as_deref());
                if let Some((_, arm)) = arm {
                    self.redact_at(*arm, json, hide);
                }
            }
            Some(Union::Keyed { arms, .. }) => {
                for (name, arm) in arms {
                    if let Some(inner) = json.get_mut(&**name) {
                        self.redact_at(*arm, inner, hide);
                    }
                }
            }
            Some(Union::First(arms)) => {
                for arm in arms {
                    self.redact_at(*arm, json, hide);
                }
            }
        }
    }
}
