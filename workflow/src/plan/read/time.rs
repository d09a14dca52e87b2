//! Durations as people write them: `"5s"`, `"100ms"`, `"1h 30m"`.

use std::time::Duration;

use serde_json::Value;

use crate::plan::limits::LONGEST;
use crate::plan::mistake::{Code, Notes};
use crate::plan::place::Place;
use crate::plan::words;

const ALLOWED: &str =
    "a duration such as \"100ms\", \"5s\", \"1h 30m\" or \"2d\", 366 days at most";

/// The duration, with a mistake where it is none.
pub(super) fn read(json: &Value, place: &Place<'_>, notes: &mut Notes) -> Option<Duration> {
    let time = json.as_str().and_then(parse);
    if time.is_none() {
        notes.add(place, Code::Shape, words::value(json), ALLOWED);
    }
    time
}

fn parse(text: &str) -> Option<Duration> {
    let mut total = Duration::ZERO;
    for part in text.split(' ') {
        let mut rest = part;
        while !rest.is_empty() || part.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let letters = rest[digits..]
                .bytes()
                .take_while(u8::is_ascii_alphabetic)
                .count();
            let count: u64 = rest[..digits].parse().ok()?;
            let unit: u64 = match &rest[digits..digits + letters] {
                "ms" => 1,
                "s" => 1_000,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                _ => return None,
            };
            total = total.checked_add(Duration::from_millis(count.checked_mul(unit)?))?;
            rest = &rest[digits + letters..];
        }
    }
    (!total.is_zero() && total <= LONGEST).then_some(total)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse;

    #[test]
    fn durations_are_numbers_with_units() {
        assert_eq!(parse("1h 30m"), Some(Duration::from_mins(90)));
        assert_eq!(parse("1h30m5s"), Some(Duration::from_secs(5405)));
        assert_eq!(parse("100ms"), Some(Duration::from_millis(100)));
        for wrong in [
            "", " ", "0s", "5", "s", "5 s", "1.5s", "5s ", "367d", "5é", "-1s",
        ] {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
        assert_eq!(parse("99999999999999999999s"), None);
    }
}
