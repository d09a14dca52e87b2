//! Numbers between bounds, at the bounds, and where doubles and integers part.

use serde_json::{Map, Number, Value};

use super::Mill;

/// Where the widths of integers and doubles end.
const EDGES: [i128; 13] = [
    0,
    1,
    127,
    255,
    32_767,
    65_535,
    1 << 31,
    1 << 32,
    1 << 53,
    (1 << 53) + 1,
    1 << 63,
    (1 << 64) - 1,
    1 << 64,
];

impl Mill<'_> {
    pub(super) fn integer(&mut self, map: &Map<String, Value>) -> Value {
        let (least, most) = whole_bounds(map);
        let near = self.dice.u64(..4).into();
        let mut found = match self.dice.u8(..6) {
            0 => least + near,
            1 => most - near,
            2 => near,
            3 => 0 - near,
            _ => least.saturating_add(self.dice.u64(..).into()),
        };
        if !(least..=most).contains(&found) {
            found = least + (found - least).rem_euclid(most - least + 1);
        }
        if let Some(unit) = map.get("multipleOf").and_then(Value::as_f64) {
            // Halves, and whole units.
            let unit = if unit.fract() == 0.0 {
                truncated(unit)
            } else {
                truncated(unit * 2.0)
            };
            found -= found.rem_euclid(unit);
            if found < least {
                found += unit;
            }
        }
        self.written(found)
    }

    /// An integer as JSON may write it: `3`, `3.0`, and too large ones as doubles.
    fn written(&mut self, integer: i128) -> Value {
        let number = i64::try_from(integer).map(Number::from);
        let number = number
            .or_else(|_| u64::try_from(integer).map(Number::from))
            .ok();
        match number {
            Some(number) if self.dice.u8(..8) != 0 => Value::Number(number),
            _ => doubled(integer).into(),
        }
    }

    pub(super) fn number(&mut self, map: &Map<String, Value>) -> Value {
        let bound = |keyword: &str, other: &str| {
            map.get(keyword)
                .or_else(|| map.get(other))
                .and_then(Value::as_f64)
        };
        let least = bound("minimum", "exclusiveMinimum").unwrap_or(-1e6);
        let most = bound("maximum", "exclusiveMaximum").unwrap_or_else(|| least.abs() * 2.0 + 1e6);
        let found = match self.dice.u8(..8) {
            0 if map.contains_key("minimum") => least,
            1 if map.contains_key("maximum") => most,
            2 => 0.0_f64.clamp(least, most),
            3 => -0.0,
            4 => (self.dice.f64() * 100.0).round().clamp(least, most),
            _ => least + self.dice.f64() * (most - least).min(1e9),
        };
        match map.get("multipleOf").and_then(Value::as_f64) {
            Some(unit) => ((found / unit).round() * unit).into(),
            None if found.fract() == 0.0 && self.dice.bool() => self.written(truncated(found)),
            None => found.into(),
        }
    }

    /// A number at which something may break.
    pub(super) fn odd_number(&mut self) -> Value {
        let edge = self.dice.choice(EDGES).unwrap_or(0) + i128::from(self.dice.i8(-1..=1));
        let signed = if self.dice.bool() { edge } else { -edge };
        match self.dice.u8(..10) {
            0 => (-0.0).into(),
            1 => 1e3.into(),
            2 => 0.5.into(),
            3 => self
                .dice
                .choice([1e19, 1e39, 1e300, f64::MAX, f64::MIN, 3.5e38])
                .into(),
            4 => self.dice.choice([5e-324, 1e-9, 0.1 + 0.2, -1e-300]).into(),
            _ => self.written(signed),
        }
    }

    /// A number next to this one, or the same one written otherwise.
    pub(super) fn neighbour(&mut self, number: &Number, map: &Map<String, Value>) -> Value {
        const BOUNDS: [&str; 5] = [
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ];
        let bounds: Vec<&Number> = BOUNDS
            .iter()
            .filter_map(|keyword| map.get(*keyword)?.as_number())
            .collect();
        let number = self.dice.choice(bounds).unwrap_or(number);
        let by = i128::from(self.dice.i8(-1..=1));
        match (number.as_i128(), number.as_f64()) {
            (Some(integer), _) if self.dice.u8(..4) != 0 => self.written(integer + by),
            (_, Some(float)) => match self.dice.u8(..4) {
                0 => float.next_up().into(),
                1 => float.next_down().into(),
                2 => (-float).into(),
                _ => (float + 0.5).into(),
            },
            _ => self.odd_number(),
        }
    }
}

/// The integers that the bounds leave.
fn whole_bounds(map: &Map<String, Value>) -> (i128, i128) {
    let whole = |keyword: &str, up: bool, beyond: i128| {
        let number = map.get(keyword)?.as_number()?;
        let float = number.as_f64()?;
        let rounded = if up { float.ceil() } else { float.floor() };
        let inside = number.as_i128().unwrap_or_else(|| truncated(rounded));
        // An exclusive bound leaves out the integer that it is, and none if it is a fraction.
        Some(if float.fract() == 0.0 {
            inside + beyond
        } else {
            inside
        })
    };
    let least = whole("minimum", true, 0).max(whole("exclusiveMinimum", true, 1));
    let least = least.unwrap_or(-(1 << 63));
    let most = [
        whole("maximum", false, 0),
        whole("exclusiveMaximum", false, -1),
    ];
    let most = most.into_iter().flatten().min().unwrap_or((1 << 63) - 1);
    (least, most)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the float is whole and small enough"
)]
fn truncated(float: f64) -> i128 {
    float as i128
}

#[expect(
    clippy::cast_precision_loss,
    reason = "what is lost is what the tests are about"
)]
fn doubled(integer: i128) -> f64 {
    integer as f64
}
