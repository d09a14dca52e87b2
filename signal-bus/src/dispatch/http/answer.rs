//! What an answer means: pure.

use std::time::Duration;

use hyper::StatusCode;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::dispatch::{DispatchError, Kind, Outcome};

/// What came of a request that was answered so.
///
/// The Standard Webhooks rules and RFC 9110: 2xx is a success; a redirect is a failure and is not
/// followed; 410 asks for nothing more; 408, 425, 429 and 5xx may pass.
pub(super) fn outcome(target: &str, status: StatusCode, wait: Option<Duration>) -> Outcome {
    let (kind, advice) = match status.as_u16() {
        200..=299 => return Ok(()),
        300..=399 => (
            Kind::Refused,
            "redirects are not followed; name the address it leads to",
        ),
        410 => (Kind::Gone, "it wants no more signals; take the target out"),
        429 | 503 => (Kind::Busy, "retry later"),
        408 | 425 | 500..=599 => (Kind::Failed, "retry"),
        401 | 403 => (Kind::Refused, "look at the credentials it asks for"),
        _ => (
            Kind::Refused,
            "look at what it says of the request, then deliver again",
        ),
    };
    let what = format!("it answered {status}; {advice}");
    let error = DispatchError::new(kind, target, what);
    Err(match wait {
        Some(wait) if kind.is_retryable() => error.retry_after(wait),
        _ => error,
    })
}

/// Whether such an answer is about what was sent, and may be about a part of it: a bad request, too much, unprocessable.
pub(super) fn is_of_content(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 413 | 422)
}

/// How long a `Retry-After` asks to wait: seconds, or a date (RFC 9110, section 10.2.3).
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than fit are as good as never.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hyper::StatusCode;

    use super::{outcome, retry_after};
    use crate::dispatch::Kind;

    #[test]
    fn answers_are_told_apart() {
        let kind = |status| {
            let status = StatusCode::from_u16(status).unwrap();
            outcome("shop", status, None)
                .err()
                .map(|error| error.kind())
        };
        let cases = [
            (200, None),
            (204, None),
            (301, Some(Kind::Refused)),
            (307, Some(Kind::Refused)),
            (400, Some(Kind::Refused)),
            (401, Some(Kind::Refused)),
            (404, Some(Kind::Refused)),
            (408, Some(Kind::Failed)),
            (410, Some(Kind::Gone)),
            (425, Some(Kind::Failed)),
            (429, Some(Kind::Busy)),
            (500, Some(Kind::Failed)),
            (502, Some(Kind::Failed)),
            (503, Some(Kind::Busy)),
            (504, Some(Kind::Failed)),
        ];
        for (status, expected) in cases {
            assert_eq!(kind(status), expected, "{status}");
        }
    }

    #[test]
    fn both_forms_of_retry_after_are_read() {
        let now = "2026-11-21T07:00:00Z".parse().unwrap();
        let cases = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sat, 21 Nov 2026 07:01:00 GMT", Some(60)),
            ("Sat, 21 Nov 2026 06:00:00 GMT", Some(0)),
            ("-5", None),
            ("soon", None),
            ("", None),
        ];
        for (value, secs) in cases {
            let expected = secs.map(Duration::from_secs);
            assert_eq!(retry_after(value, now), expected, "{value:?}");
        }
    }
}
