//! The canonical schema, read: what a value may be, apart from how any vendor spells it.

use serde_json::{Number, Value};

/// The params (or the output) of one action.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) root: Node,
    pub(super) defs: Vec<(String, Node)>,
}

impl Shape {
    /// The definition `#/$defs/{name}`.
    pub(super) fn def(&self, name: &str) -> Option<&Node> {
        self.defs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, node)| node)
    }

    /// Whether null is one of the node's values.
    pub(super) fn takes_null(&self, node: &Node) -> bool {
        let mut node = node;
        // A chain of references longer than the definitions is a circle.
        for _ in 0..=self.defs.len() {
            if node.nullable {
                return true;
            }
            match &node.kind {
                Kind::Any | Kind::Null => return true,
                Kind::Ref(name) => match self.def(name) {
                    Some(target) => node = target,
                    None => return false,
                },
                _ => return false,
            }
        }
        false
    }
}

/// One place in the schema.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) about: About,
    pub(super) nullable: bool,
    pub(super) kind: Kind,
}

/// What is said about a value without restricting it.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) description: String,
    pub(super) default: Option<Value>,
    pub(super) examples: Vec<Value>,
    pub(super) deprecated: bool,
    pub(super) secret: bool,
}

/// What a value may be.
#[derive(Debug)]
pub(super) enum Kind {
    Any,
    Null,
    Bool,
    Integer(Vec<Bound>),
    Number(Vec<Bound>),
    Text(Vec<Bound>),
    Literals(Vec<Literal>),
    List {
        items: Box<Node>,
        bounds: Vec<Bound>,
    },
    Tuple(Vec<Node>),
    Object(Object),
    Union {
        arms: Vec<Arm>,
        exclusive: bool,
    },
    Ref(String),
}

/// A keyword that restricts a value, with its argument.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Bound {
    Minimum(Number),
    Maximum(Number),
    ExclusiveMinimum(Number),
    ExclusiveMaximum(Number),
    MultipleOf(Number),
    MinLength(u64),
    MaxLength(u64),
    Pattern(String),
    Format(String),
    MinItems(u64),
    MaxItems(u64),
    UniqueItems,
    MinProperties(u64),
    MaxProperties(u64),
}

impl Bound {
    /// The keyword of JSON Schema.
    pub(super) fn keyword(&self) -> &'static str {
        match self {
            Self::Minimum(_) => "minimum",
            Self::Maximum(_) => "maximum",
            Self::ExclusiveMinimum(_) => "exclusiveMinimum",
            Self::ExclusiveMaximum(_) => "exclusiveMaximum",
            Self::MultipleOf(_) => "multipleOf",
            Self::MinLength(_) => "minLength",
            Self::MaxLength(_) => "maxLength",
            Self::Pattern(_) => "pattern",
            Self::Format(_) => "format",
            Self::MinItems(_) => "minItems",
            Self::MaxItems(_) => "maxItems",
            Self::UniqueItems => "uniqueItems",
            Self::MinProperties(_) => "minProperties",
            Self::MaxProperties(_) => "maxProperties",
        }
    }

    /// The keyword's argument.
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Minimum(n)
            | Self::Maximum(n)
            | Self::ExclusiveMinimum(n)
            | Self::ExclusiveMaximum(n)
            | Self::MultipleOf(n) => Value::Number(n.clone()),
            Self::MinLength(n)
            | Self::MaxLength(n)
            | Self::MinItems(n)
            | Self::MaxItems(n)
            | Self::MinProperties(n)
            | Self::MaxProperties(n) => Value::from(*n),
            Self::Pattern(text) | Self::Format(text) => Value::from(text.as_str()),
            Self::UniqueItems => Value::Bool(true),
        }
    }

    /// Whether the bound is only the edge of a 64-bit integer.
    pub(super) fn is_machine_edge(&self) -> bool {
        match self {
            Self::Minimum(n) => n.as_i64() == Some(i64::MIN),
            Self::Maximum(n) => n.as_i64() == Some(i64::MAX) || n.as_u64() == Some(u64::MAX),
            _ => false,
        }
    }
}

/// One of the values of an enum, and what it means.
#[derive(Debug)]
pub(super) struct Literal {
    pub(super) value: Value,
    pub(super) meaning: String,
}

/// An object: a struct, a map, or a struct with further keys.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) fields: Vec<Field>,
    pub(super) rest: Rest,
    pub(super) bounds: Vec<Bound>,
}

impl Object {
    /// Whether the keys are data.
    pub(super) fn is_map(&self) -> bool {
        self.fields.is_empty() && matches!(self.rest, Rest::Entries { .. })
    }
}

/// A named key of an object.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) node: Node,
}

/// What keys besides the named ones may be.
#[derive(Debug)]
pub(super) enum Rest {
    /// None.
    Closed,
    /// Ignored whatever they are.
    Open,
    /// Entries of a map.
    Entries {
        key: Option<Box<Node>>,
        value: Box<Node>,
    },
}

/// One arm of a union, with the canonical schema that tells whether a value is meant for it.
#[derive(Debug)]
pub(super) struct Arm {
    pub(super) node: Node,
    pub(super) schema: Value,
}
