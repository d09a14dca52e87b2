//! The string formats of JSON Schema 2020-12 that a parameter can have.

use std::net::{Ipv4Addr, Ipv6Addr};

use fluent_uri::Uri;

use crate::rfc3339::{is_date, is_date_time, is_duration, is_time};

/// A named format of strings.
///
/// [`accepts`](Self::accepts) decides exactly what an asserting validator decides about a schema
/// with this [`name`](Self::name) as `format` and, where there is one, this
/// [`pattern`](Self::pattern) beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A date and a time with an offset, RFC 3339.
    DateTime,
    /// A calendar date, RFC 3339.
    Date,
    /// A time of day with an offset, RFC 3339.
    Time,
    /// A duration, RFC 3339 appendix A.
    Duration,
    /// A mail address, RFC 5321, without quotes, brackets and display names.
    Email,
    /// A host name, RFC 1123, without internationalised labels.
    Hostname,
    /// An IPv4 address in dotted quads.
    Ipv4,
    /// An IPv6 address, RFC 4291.
    Ipv6,
    /// A UUID with hyphens, RFC 9562, in either case.
    Uuid,
    /// A URI with a scheme, RFC 3986.
    Uri,
}

/// The `pattern`s that go beside a `format`, in parts.
macro_rules! part {
    (date) => {
        "[0-9]{4}(-[0-9]{2}){2}"
    };
    (time) => {
        r"[0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
    };
    // The third and the fourth character of a label are not both hyphens.
    (label) => {
        "([0-9A-Za-z-]{1,3}|[0-9A-Za-z-]{2,3}[0-9A-Za-z][0-9A-Za-z-]*)"
    };
    (hostname) => {
        concat!("(", part!(label), r"\.)*", part!(label))
    };
}

impl Format {
    /// Every format, in the order of their declaration.
    pub const ALL: [Self; 10] = [
        Self::DateTime,
        Self::Date,
        Self::Time,
        Self::Duration,
        Self::Email,
        Self::Hostname,
        Self::Ipv4,
        Self::Ipv6,
        Self::Uuid,
        Self::Uri,
    ];

    /// The value of the `format` keyword.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DateTime => "date-time",
            Self::Date => "date",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Email => "email",
            Self::Hostname => "hostname",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Uuid => "uuid",
            Self::Uri => "uri",
        }
    }

    /// The format with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// A string of this format, for error messages.
    pub const fn example(self) -> &'static str {
        match self {
            Self::DateTime => "2026-01-31T09:30:00Z",
            Self::Date => "2026-01-31",
            Self::Time => "09:30:00Z",
            Self::Duration => "P1DT12H",
            Self::Email => "ada@example.com",
            Self::Hostname => "www.example.com",
            Self::Ipv4 => "192.0.2.1",
            Self::Ipv6 => "2001:db8::1",
            Self::Uuid => "67e55044-10b1-426f-9247-bb680e5fe0c8",
            Self::Uri => "https://example.com/path?query=1",
        }
    }

    /// The `pattern` to publish beside the format, where validators take more than we do.
    ///
    /// Punycode labels would need the tables of IDNA to be judged; quoted mailboxes, address
    /// literals and display names are never what a caller means; and `jsonschema` 0.60 takes some
    /// punctuation for digits in dates and times, as in `-026-01-31` and `0-:30:00Z`.
    pub const fn pattern(self) -> Option<&'static str> {
        match self {
            Self::DateTime => Some(concat!("^", part!(date), "[Tt]", part!(time), "$")),
            Self::Date => Some(concat!("^", part!(date), "$")),
            Self::Time => Some(concat!("^", part!(time), "$")),
            Self::Email => Some(concat!(
                "^[0-9A-Za-z.!#$%&'*+/=?^_`{|}~-]+@",
                part!(hostname),
                "$"
            )),
            Self::Hostname => Some(concat!("^", part!(hostname), "$")),
            Self::Duration | Self::Ipv4 | Self::Ipv6 | Self::Uuid | Self::Uri => None,
        }
    }

    /// Whether `text` is of this format.
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Self::DateTime => is_date_time(text),
            Self::Date => is_date(text),
            Self::Time => is_time(text),
            Self::Duration => is_duration(text),
            Self::Email => is_email(text),
            Self::Hostname => is_hostname(text),
            Self::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Self::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Self::Uuid => is_uuid(text),
            Self::Uri => Uri::parse(text).is_ok(),
        }
    }
}

/// RFC 5321 section 4.1.2, `Dot-string "@" Domain`, with the lengths of section 4.5.3.1.
fn is_email(text: &str) -> bool {
    let is_atext =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    text.split_once('@').is_some_and(|(local, domain)| {
        local.len() <= 64
            && local
                .split('.')
                .all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
            && is_hostname(domain)
    })
}

/// RFC 1123 section 2.1, with the lengths of RFC 1035 and without the reserved labels of RFC 5890.
fn is_hostname(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.get(2..4) != Some("--")
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

/// RFC 9562 section 4, `UUID`.
fn is_uuid(text: &str) -> bool {
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}
