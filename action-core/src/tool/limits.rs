//! Limits on the size of one tool's schema, and on all schemas of one request together.

use serde_json::Value;

use crate::tool::read::Fault;
use crate::tool::{Dialect, Options, Tool};

/// What one tool's schema is too large for.
#[expect(
    clippy::too_many_lines,
    reason = "one entry for each limit of a vendor"
)]
pub(super) fn tool(dialect: Dialect, options: Options, schema: &Value) -> Vec<Fault> {
    if !options.strict || !matches!(dialect, Dialect::OpenAi | Dialect::OpenAiResponses) {
        return Vec::new();
    }
    let mut sizes = Sizes::default();
    let mut parts = vec![schema];
    parts.extend(
        schema["$defs"]
            .as_object()
            .into_iter()
            .flat_map(|defs| defs.values()),
    );
    for part in parts {
        sizes.add(part, 1);
    }
    let names = schema["$defs"]
        .as_object()
        .into_iter()
        .flat_map(|defs| defs.keys());
    sizes.characters += names.map(|name| name.chars().count()).sum::<usize>();
    let mut faults = Vec::new();
    let mut check = |keyword: &str, found: usize, most: usize, what: &str, cure: &str| {
        if found > most {
            let why = format!("{found} {what}, and {most} are the most");
            faults.push(Fault::new("", keyword, &why, cure));
        }
    };
    check(
        "properties",
        sizes.properties,
        5000,
        "keys",
        "split the action",
    );
    check(
        "properties",
        sizes.levels,
        10,
        "levels of objects",
        "flatten the params",
    );
    check(
        "enum",
        sizes.values,
        1000,
        "enum values",
        "take a string and check it in code",
    );
    check(
        "enum",
        sizes.longest,
        15_000,
        "characters in one enum of over 250 values",
        "shorten them",
    );
    check(
        "properties",
        sizes.characters,
        120_000,
        "characters of names and enum values",
        "shorten them",
    );
    faults
}

#[derive(Default)]
struct Sizes {
    properties: usize,
    levels: usize,
    values: usize,
    longest: usize,
    characters: usize,
}

impl Sizes {
    fn add(&mut self, schema: &Value, level: usize) {
        let mut inner = level;
        if let Some(properties) = schema["properties"].as_object() {
            self.levels = self.levels.max(level);
            self.properties += properties.len();
            inner += 1;
            for (name, property) in properties {
                self.characters += name.chars().count();
                self.add(property, inner);
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            let texts = values.iter().filter_map(Value::as_str);
            let length = texts.map(|text| text.chars().count()).sum();
            self.values += values.len();
            self.characters += length;
            if values.len() > 250 {
                self.longest = self.longest.max(length);
            }
        }
        if let Some(value) = schema["const"].as_str() {
            self.characters += value.chars().count();
        }
        for child in children(schema) {
            self.add(child, inner);
        }
    }
}

fn children(schema: &Value) -> impl Iterator<Item = &Value> {
    schema
        .get("items")
        .into_iter()
        .chain(schema["anyOf"].as_array().into_iter().flatten())
}

/// The tools a request can't hold: each with what is too much.
pub(super) fn set(dialect: Dialect, options: Options, tools: &[Tool]) -> Vec<(String, Fault)> {
    if !options.strict || dialect != Dialect::Anthropic {
        return Vec::new();
    }
    let mut faults = Vec::new();
    let mut optional = Count::new(
        24,
        "optional params",
        "required",
        "make some of them required",
    );
    let mut unions = Count::new(
        16,
        "params of more than one type",
        "anyOf",
        "make fewer params enums with data",
    );
    let cure = "or offer fewer strict tools at once";
    for (at, tool) in tools.iter().enumerate() {
        if at == 20 {
            let why = format!(
                "{} strict tools, and 20 are the most in one request",
                tools.len()
            );
            faults.push((
                tool.name.clone(),
                Fault::new("", "strict", &why, "offer fewer tools at once"),
            ));
        }
        let (more_optional, more_unions) = counts(&tool.json["input_schema"]);
        for (count, more) in [(&mut optional, more_optional), (&mut unions, more_unions)] {
            if count.passes(more) {
                let why = format!(
                    "with it there are {} {}, and {} are the most in one request",
                    count.sum, count.what, count.most,
                );
                let cure = format!("{}, {cure}", count.cure);
                faults.push((
                    tool.name.clone(),
                    Fault::new("", count.keyword, &why, &cure),
                ));
            }
        }
    }
    faults
}

struct Count {
    sum: usize,
    most: usize,
    what: &'static str,
    keyword: &'static str,
    cure: &'static str,
}

impl Count {
    fn new(most: usize, what: &'static str, keyword: &'static str, cure: &'static str) -> Self {
        Self {
            sum: 0,
            most,
            what,
            keyword,
            cure,
        }
    }

    /// Whether these are the ones too many.
    fn passes(&mut self, more: usize) -> bool {
        let before = self.sum;
        self.sum += more;
        before <= self.most && self.sum > self.most
    }
}

/// The optional params and those of several types.
fn counts(schema: &Value) -> (usize, usize) {
    let mut optional = 0;
    let mut unions = 0;
    let required = schema["required"].as_array();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let is_required =
            required.is_some_and(|required| required.iter().any(|known| known == name.as_str()));
        optional += usize::from(!is_required);
        unions += usize::from(property.get("anyOf").is_some() || property["type"].is_array());
        let inner = counts(property);
        optional += inner.0;
        unions += inner.1;
    }
    for child in children(schema) {
        let inner = counts(child);
        optional += inner.0;
        unions += inner.1;
    }
    (optional, unions)
}
