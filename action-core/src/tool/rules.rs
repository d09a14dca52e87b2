//! What each vendor accepts, as data; `reference/llm_tools.md` names the sources.

use crate::tool::shape::Bound;
use crate::tool::{Dialect, Options};

/// The rules of one dialect.
#[derive(Debug)]
pub(super) struct Rules {
    /// How a param that may be left out is written.
    pub(super) optional: Optional,
    /// How null is added to a type.
    pub(super) null: Null,
    /// Whether maps, tuples and any-JSON values are there, or must be written as something else.
    pub(super) structures: Structures,
    /// What may stand where a definition is used.
    pub(super) refs: Refs,
    /// Which definitions may contain themselves, where references are kept.
    pub(super) circles: Circles,
    /// How enums are written.
    pub(super) literals: Literals,
    /// How unions are written.
    pub(super) unions: Unions,
    /// Whether an object says that it has no further keys.
    pub(super) closing: Closing,
    /// Keywords that keep their meaning; all others become words.
    pub(super) keywords: &'static [&'static str],
    /// Formats of strings that keep their meaning.
    pub(super) formats: &'static [&'static str],
    /// The highest `minItems`.
    pub(super) min_items: u64,
    /// Which property keys are allowed.
    pub(super) keys: Keys,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Optional {
    /// Required, and null when left out.
    Null,
    /// Left out; an `Option` has no null besides.
    Absent,
    /// Exactly as in the canonical schema.
    Kept,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Null {
    /// `"type": [.., "null"]`
    Types,
    /// An arm `{"type": "null"}`.
    Arm,
    /// `"nullable": true`
    Keyword,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Structures {
    Kept,
    /// Maps and tuples are kept, any JSON is text.
    AnyAsText,
    Rewritten,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refs {
    /// The definition takes the reference's place, so it can't contain itself.
    Inline,
    /// A reference stands alone.
    Alone,
    /// A description may stand beside a reference.
    Described,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Circles {
    Free,
    /// Only by way of a key that may be left out.
    Optional,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Literals {
    Typed,
    /// No `type` beside `enum`, and spelling that may come back in another case.
    Untyped,
    /// No `const`, no booleans.
    Enum,
    /// Strings only.
    Texts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unions {
    AsRead,
    AnyOf,
    /// `anyOf` with nothing beside it.
    AnyOfAlone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// Objects without further keys say so.
    AsRead,
    /// Every struct says so.
    Always,
    /// It can't be said.
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    Free,
    /// `^[a-zA-Z0-9_.-]{1,64}$`
    Dotted,
    /// `^[a-zA-Z_][a-zA-Z0-9_]{0,63}$`
    Identifier,
}

impl Rules {
    /// The rules for params.
    pub(super) const fn params(dialect: Dialect, options: Options) -> &'static Self {
        match (dialect, options.strict) {
            (Dialect::OpenAi | Dialect::OpenAiResponses, true) => &OPENAI,
            (Dialect::Anthropic, true) => &ANTHROPIC,
            (Dialect::OpenAi | Dialect::OpenAiResponses, false) | (Dialect::Mcp, _) => &PLAIN,
            (Dialect::Anthropic, false) => &ANTHROPIC_PLAIN,
            (Dialect::Gemini, _) => &GEMINI,
            (Dialect::GeminiOpenApi, _) => &GEMINI_OPENAPI,
        }
    }

    /// Whether the vendor understands the bound.
    pub(super) fn takes(&self, bound: &Bound) -> bool {
        self.takes_keyword(bound.keyword())
            && match bound {
                Bound::Format(format) => self.formats.contains(&format.as_str()),
                Bound::MinItems(count) => *count <= self.min_items,
                Bound::Pattern(pattern) => !["(?=", "(?!", "(?<=", "(?<!"]
                    .iter()
                    .any(|lookaround| pattern.contains(lookaround)),
                _ => true,
            }
    }

    pub(super) fn takes_keyword(&self, keyword: &str) -> bool {
        self.keywords.contains(&keyword)
    }

    /// The rule a property key breaks.
    pub(super) fn refuses_key(&self, key: &str) -> Option<&'static str> {
        let letters = |dotted: bool| {
            key.len() <= 64
                && key.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric()
                        || byte == b'_'
                        || (dotted && b".-".contains(&byte))
                })
        };
        match self.keys {
            Keys::Free => None,
            Keys::Dotted => (key.is_empty() || !letters(true))
                .then_some("a key is 1 to 64 letters, digits, `_`, `.` or `-`"),
            Keys::Identifier => {
                let starts = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
                (!key.as_bytes().first().is_some_and(starts) || !letters(false))
                    .then_some("a key is 1 to 64 letters, digits or `_`, not starting with a digit")
            }
        }
    }
}

/// The rule a tool's name breaks.
pub(super) fn refuses_name(dialect: Dialect, name: &str) -> Option<&'static str> {
    let (length, others, rule) = match dialect {
        Dialect::OpenAi | Dialect::OpenAiResponses => {
            (64, "_-", "a name is 1 to 64 letters, digits, `_` or `-`")
        }
        Dialect::Anthropic => (128, "_-", "a name is 1 to 128 letters, digits, `_` or `-`"),
        Dialect::Gemini | Dialect::GeminiOpenApi => (
            128,
            "_.:-",
            "a name is 1 to 128 letters, digits, `_`, `.`, `:` or `-`, first a letter or `_`",
        ),
        Dialect::Mcp => (
            128,
            "_.-",
            "a name is 1 to 128 letters, digits, `_`, `.` or `-`",
        ),
    };
    let first = !matches!(dialect, Dialect::Gemini | Dialect::GeminiOpenApi)
        || name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let letters = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || others.contains(letter));
    (name.is_empty() || name.len() > length || !first || !letters).then_some(rule)
}

const FORMATS: &[&str] = &[
    "date-time",
    "time",
    "date",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
    "uri",
];
const FORMATS_WITHOUT_URI: &[&str] = &[
    "date-time",
    "time",
    "date",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
];

const OPENAI: Rules = Rules {
    optional: Optional::Null,
    null: Null::Types,
    structures: Structures::Rewritten,
    refs: Refs::Alone,
    circles: Circles::Free,
    literals: Literals::Typed,
    unions: Unions::AnyOf,
    closing: Closing::Always,
    keywords: &[
        "const",
        "pattern",
        "format",
        "multipleOf",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minItems",
        "maxItems",
    ],
    formats: FORMATS_WITHOUT_URI,
    min_items: u64::MAX,
    keys: Keys::Free,
};

const ANTHROPIC: Rules = Rules {
    optional: Optional::Absent,
    null: Null::Arm,
    structures: Structures::Rewritten,
    refs: Refs::Inline,
    circles: Circles::Free,
    literals: Literals::Untyped,
    unions: Unions::AnyOf,
    closing: Closing::Always,
    keywords: &["format", "minItems"],
    formats: FORMATS,
    min_items: 1,
    keys: Keys::Dotted,
};

const GEMINI: Rules = Rules {
    optional: Optional::Absent,
    null: Null::Arm,
    structures: Structures::AnyAsText,
    refs: Refs::Described,
    circles: Circles::Optional,
    literals: Literals::Enum,
    unions: Unions::AnyOf,
    closing: Closing::AsRead,
    keywords: &["minimum", "maximum", "minItems", "maxItems"],
    formats: &[],
    min_items: u64::MAX,
    keys: Keys::Identifier,
};

const GEMINI_OPENAPI: Rules = Rules {
    optional: Optional::Absent,
    null: Null::Keyword,
    structures: Structures::Rewritten,
    refs: Refs::Inline,
    circles: Circles::Free,
    literals: Literals::Texts,
    unions: Unions::AnyOfAlone,
    closing: Closing::Never,
    keywords: &[
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "maximum",
        "minItems",
        "maxItems",
    ],
    formats: &[],
    min_items: u64::MAX,
    keys: Keys::Identifier,
};

/// JSON Schema as such: MCP, and the vendors when they are not strict.
const PLAIN: Rules = Rules {
    optional: Optional::Absent,
    null: Null::Arm,
    structures: Structures::Kept,
    refs: Refs::Described,
    circles: Circles::Free,
    literals: Literals::Typed,
    unions: Unions::AsRead,
    closing: Closing::AsRead,
    keywords: &[
        "const",
        "default",
        "examples",
        "deprecated",
        "writeOnly",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "propertyNames",
    ],
    formats: FORMATS,
    min_items: u64::MAX,
    keys: Keys::Free,
};

const ANTHROPIC_PLAIN: Rules = Rules {
    keys: Keys::Dotted,
    ..PLAIN
};

/// What an action answers with is never rewritten, so its nulls stay. Formats are told in words: clients hold answers against
/// the schema, and throw one away where their grammar is narrower, as ajv's is of `ada@localhost`.
pub(super) const OUTPUT: Rules = Rules {
    optional: Optional::Kept,
    formats: &[],
    ..PLAIN
};
