//! The first pass: the plan as it is written, every statement known by its name.

mod condition;
mod declared;
mod fields;
mod given;
mod retry;
mod statement;
mod time;

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use serde_json::{Map, Value};

pub(super) use self::condition::Asked;
pub(super) use self::declared::{Declared, accept};
use self::fields::Fields;
pub(super) use self::given::{Form, Given, Link, Root};
pub(super) use self::statement::{Arm, Stated, What};
use super::limits::{MOST_NODES, VERSION};
use super::mistake::{Code, Notes};
use super::place::Place;
use super::words;

/// A plan as it is written.
pub(super) struct Draft<'j> {
    pub(super) name: &'j str,
    pub(super) deadline: Option<Duration>,
    pub(super) saga: bool,
    pub(super) declared: Vec<Declared<'j>>,
    pub(super) body: Block<'j>,
    pub(super) facts: Vec<Fact<'j>>,
    pub(super) names: HashMap<&'j str, u32>,
}

/// Statements, and what they come to.
pub(super) struct Block<'j> {
    pub(super) statements: Vec<Stated<'j>>,
    pub(super) answer: Option<Given<'j>>,
}

/// What is known of a statement before any is looked into.
pub(super) struct Fact<'j> {
    pub(super) kind: Kind,
    pub(super) name: Option<&'j str>,
    /// Its path in the graph.
    pub(super) path: String,
    /// The statements it is inside of, outermost first, each with the arm.
    pub(super) blocks: Rc<[(u32, u32)]>,
}

/// The kinds of statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Step,
    Branch,
    Parallel,
    Each,
    Sleep,
    Stop,
}

impl Kind {
    pub(super) const ALL: [Self; 6] = [
        Self::Step,
        Self::Branch,
        Self::Parallel,
        Self::Each,
        Self::Sleep,
        Self::Stop,
    ];

    /// The key that makes an object a statement of this kind.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Branch => "branch",
            Self::Parallel => "parallel",
            Self::Each => "for_each",
            Self::Sleep => "sleep",
            Self::Stop => "stop",
        }
    }

    /// Whether the key holds the statement's name.
    const fn is_named(self) -> bool {
        match self {
            Self::Step | Self::Branch | Self::Parallel | Self::Each => true,
            Self::Sleep | Self::Stop => false,
        }
    }
}

const KEYS: [&str; 8] = [
    "enact",
    "name",
    "description",
    "params",
    "deadline",
    "saga",
    "steps",
    "answer",
];

/// Reads a plan, noting every mistake in its form; none, where it is no object at all.
pub(super) fn read<'j>(json: &'j Value, notes: &mut Notes) -> Option<Draft<'j>> {
    let mut reader = Reader {
        notes,
        facts: Vec::new(),
        names: HashMap::new(),
        blocks: Vec::new(),
        unnamed: [0; 2],
        full: false,
    };
    reader.plan(json)
}

struct Reader<'j, 'n> {
    notes: &'n mut Notes,
    facts: Vec<Fact<'j>>,
    names: HashMap<&'j str, u32>,
    /// The statements that reading is inside of, each with the arm.
    blocks: Vec<(u32, u32)>,
    /// How many sleeps and stops there have been.
    unnamed: [u32; 2],
    /// Whether there were too many statements.
    full: bool,
}

impl<'j> Reader<'j, '_> {
    fn plan(&mut self, json: &'j Value) -> Option<Draft<'j>> {
        let root = Place::ROOT;
        let fields = Fields::read(json, &root, "a plan", &KEYS, self.notes)?;
        self.version(&fields, &root);
        let name = fields.require("name", &root, NAME, self.notes);
        let name = self.name(name, &root.key("name"));
        if let Some(text) = fields.get("description") {
            self.text(text, &root.key("description"));
        }
        let deadline = fields
            .get("deadline")
            .and_then(|text| time::read(text, &root.key("deadline"), self.notes));
        let saga = self.flag(&fields, "saga", &root);
        let declared = match fields.get("params") {
            Some(params) => declared::read(params, &root.key("params"), self.notes),
            None => Vec::new(),
        };
        let steps = fields.require("steps", &root, "a list of statements", self.notes);
        let statements = match steps {
            Some(steps) => self.statements(steps, &root.key("steps")),
            None => Vec::new(),
        };
        let answer = self.answer(&fields, &root);
        Some(Draft {
            name: name.unwrap_or_default(),
            deadline,
            saga,
            declared,
            body: Block { statements, answer },
            facts: std::mem::take(&mut self.facts),
            names: std::mem::take(&mut self.names),
        })
    }

    fn version(&mut self, fields: &Fields<'j>, root: &Place<'_>) {
        let allowed = "the number 1";
        let Some(version) = fields.require("enact", root, allowed, self.notes) else {
            return;
        };
        if version.as_u64() != Some(VERSION) {
            let found = words::value(version);
            self.notes
                .add(&root.key("enact"), Code::Version, found, allowed);
        }
    }

    fn answer(&mut self, fields: &Fields<'j>, place: &Place<'_>) -> Option<Given<'j>> {
        let answer = fields.get("answer")?;
        Some(Given::read(answer, &place.key("answer"), self.notes))
    }

    fn statements(&mut self, json: &'j Value, place: &Place<'_>) -> Vec<Stated<'j>> {
        let Some(list) = self.list(json, place) else {
            return Vec::new();
        };
        let mut statements = Vec::new();
        for (index, one) in list.iter().enumerate() {
            let place = place.index(index);
            if self.facts.len() == MOST_NODES {
                self.too_many(&place);
                break;
            }
            statements.extend(self.statement(one, &place));
        }
        statements
    }

    fn too_many(&mut self, place: &Place<'_>) {
        if !std::mem::replace(&mut self.full, true) {
            let allowed = format!("at most {MOST_NODES} statements in a plan");
            self.notes
                .add(place, Code::Limit, "one more statement", allowed);
        }
    }

    fn list(&mut self, json: &'j Value, place: &Place<'_>) -> Option<&'j [Value]> {
        match json {
            Value::Array(list) => Some(list),
            other => {
                let found = words::value(other);
                self.notes.add(place, Code::Shape, found, "a list");
                None
            }
        }
    }

    fn text(&mut self, json: &'j Value, place: &Place<'_>) -> Option<&'j str> {
        if json.as_str().is_none() {
            self.notes
                .add(place, Code::Shape, words::value(json), "text");
        }
        json.as_str()
    }

    /// A member that is true or false; false where it is left out.
    fn flag(&mut self, fields: &Fields<'j>, key: &str, place: &Place<'_>) -> bool {
        match fields.get(key) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(other) => {
                let found = words::value(other);
                self.notes
                    .add(&place.key(key), Code::Shape, found, "true or false");
                false
            }
        }
    }

    /// A name, if there is one and it is well formed.
    fn name(&mut self, json: Option<&'j Value>, place: &Place<'_>) -> Option<&'j str> {
        let json = json?;
        match json.as_str().filter(|name| is_name(name)) {
            Some(name) => Some(name),
            None => {
                self.notes.add(place, Code::Shape, words::value(json), NAME);
                None
            }
        }
    }
}

const NAME: &str = "a name: a letter, then at most 63 letters, digits, \"_\" and \"-\"";

fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// The members of an object that must be one.
fn object<'j>(
    json: &'j Value,
    place: &Place<'_>,
    allowed: &str,
    notes: &mut Notes,
) -> Option<&'j Map<String, Value>> {
    if !json.is_object() {
        notes.add(place, Code::Shape, words::value(json), allowed);
    }
    json.as_object()
}
