//! The attributes of an event's envelope, CloudEvents 1.0.2: their names, and what they may hold.

use std::fmt;

use fluent_uri::{Uri, UriRef};

/// The attributes that the specification itself defines, and the members that carry the data.
pub const CORE: [&str; 10] = [
    "id",
    "source",
    "specversion",
    "type",
    "subject",
    "time",
    "datacontenttype",
    "dataschema",
    "data",
    "data_base64",
];

/// The extensions that say what a signal belongs to; whoever drafts a signal writes them.
pub const WOVEN: [&str; 5] = [
    "traceparent",
    "tracestate",
    "correlationid",
    "causationid",
    "othercauses",
];

/// The longest name of an extension that every protocol carries.
pub const LONGEST_NAME: usize = 20;

/// What keeps a text from being the name of an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// It is empty.
    Empty,
    /// It has a character in it that is neither a lower-case letter nor a digit.
    Odd(char),
    /// The specification defines an attribute of that name.
    Core,
}

impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::Odd(odd) => write!(f, "it has a {odd:?} in it"),
            Self::Core => f.write_str("CloudEvents has an attribute of that name itself"),
        }
    }
}

/// Checks the name of an extension: lower-case letters and digits, and none of [`CORE`].
///
/// # Errors
///
/// Returns the first fault.
pub fn check_name(name: &str) -> Result<(), NameFault> {
    let odd = |c: &char| !c.is_ascii_lowercase() && !c.is_ascii_digit();
    if name.is_empty() {
        Err(NameFault::Empty)
    } else if CORE.contains(&name) {
        Err(NameFault::Core)
    } else {
        name.chars()
            .find(odd)
            .map_or(Ok(()), |odd| Err(NameFault::Odd(odd)))
    }
}

/// Whether `text` is a URI with a scheme, RFC 3986.
pub fn is_uri(text: &str) -> bool {
    Uri::parse(text).is_ok()
}

/// Whether `text` is a URI-reference, RFC 3986, and not empty.
pub fn is_uri_reference(text: &str) -> bool {
    !text.is_empty() && UriRef::parse(text).is_ok()
}

/// The first character that no attribute may hold: a control or a noncharacter.
pub fn odd_character(text: &str) -> Option<char> {
    let is_noncharacter =
        |c: char| matches!(u32::from(c), 0xfdd0..=0xfdef) || u32::from(c) & 0xfffe == 0xfffe;
    text.chars().find(|c| c.is_control() || is_noncharacter(*c))
}

/// Whether a media type declares JSON: its subtype is `json`, or ends in `+json`.
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let subtype = essence.split_once('/').map_or("", |(_, subtype)| subtype);
    let ends = |suffix: &str| {
        let at = subtype.len().checked_sub(suffix.len());
        at.and_then(|at| subtype.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
    };
    subtype.eq_ignore_ascii_case("json") || ends("+json")
}

/// Whether `text` has the shape of a media type, RFC 2045: `type/subtype`, parameters behind it.
pub fn is_media_type(text: &str) -> bool {
    let is_token = |text: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+*'%`|~".contains(&byte);
        !text.is_empty() && text.bytes().all(fits)
    };
    let essence = text.split(';').next().unwrap_or_default().trim();
    let parts = essence.split_once('/');
    parts.is_some_and(|(main, subtype)| is_token(main) && is_token(subtype))
}
