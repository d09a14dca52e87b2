//! Dates, times and durations as RFC 3339 writes them.

/// Section 5.6, `date-time`.
pub(super) fn is_date_time(text: &str) -> bool {
    text.split_once(['T', 't'])
        .is_some_and(|(date, time)| is_date(date) && is_time(time))
}

/// Section 5.6, `full-date`, with the days of section 5.7.
pub(super) fn is_date(text: &str) -> bool {
    fields(text, '-', [4, 2, 2]).is_some_and(|[year, month, day]| {
        let days = match month {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        (1..=days).contains(&day)
    })
}

/// Section 5.6, `full-time`, with the leap second of section 5.7: 23:59:60 in UTC.
pub(super) fn is_time(text: &str) -> bool {
    const DAY: i32 = 24 * 60;
    let Some((clock, rest)) = text.split_at_checked(8) else {
        return false;
    };
    let Some([hour, minute, second]) = fields(clock, ':', [2, 2, 2]) else {
        return false;
    };
    let Some(offset) = without_fraction(rest).and_then(offset) else {
        return false;
    };
    let leaps = (hour * 60 + minute - offset).rem_euclid(DAY) == DAY - 1;
    hour < 24 && minute < 60 && (second < 60 || second == 60 && leaps)
}

/// What follows the `time-secfrac`, if there is one and if it is well formed.
fn without_fraction(text: &str) -> Option<&str> {
    let Some(fraction) = text.strip_prefix('.') else {
        return Some(text);
    };
    let rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    (rest.len() < fraction.len()).then_some(rest)
}

/// Section 5.6, `time-offset`, in minutes.
fn offset(text: &str) -> Option<i32> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let [hour, minute] = fields(digits, ':', [2, 2])?;
    (hour < 24 && minute < 60).then_some(sign * (hour * 60 + minute))
}

/// The numbers in `text`: as many as there are widths, each of so many digits.
fn fields<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i32; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(separator);
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next()?;
        if part.len() != width || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// Appendix A, `duration`.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(body) = text.strip_prefix('P') else {
        return false;
    };
    match body.split_once('T') {
        Some((date, time)) => (date.is_empty() || has_units(date, "YMD")) && has_units(time, "HMS"),
        None => has_units(body, "YMD") || has_units(body, "W"),
    }
}

/// Whether `text` is one amount or more, whose units follow each other in `units` without a gap.
fn has_units(mut text: &str, mut units: &str) -> bool {
    let mut first = true;
    loop {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let Some(unit) = rest.chars().next().filter(|_| rest.len() < text.len()) else {
            return false;
        };
        match units.find(unit) {
            Some(at) if first || at == 0 => units = &units[at + 1..],
            _ => return false,
        }
        first = false;
        text = &rest[1..];
        if text.is_empty() {
            return true;
        }
    }
}
