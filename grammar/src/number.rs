//! JSON numbers and values as JSON Schema compares them: by value, without rounding.

use std::{
    cmp::Ordering,
    collections::{HashMap, hash_map::Entry},
    hash::{Hash, Hasher},
};

use serde_json::{Number, Value};

/// Orders two numbers by their exact values, whatever they are written as.
pub fn compare(left: &Number, right: &Number) -> Ordering {
    match (Exact::from(left), Exact::from(right)) {
        (Exact::Integer(left), Exact::Integer(right)) => left.cmp(&right),
        (Exact::Integer(left), Exact::Float(right)) => compare_mixed(left, right),
        (Exact::Float(left), Exact::Integer(right)) => compare_mixed(right, left).reverse(),
        (Exact::Float(left), Exact::Float(right)) => compare_floats(left, right),
    }
}

/// Whether the number is an integer, as `1.0` and `1e3` are.
pub fn is_integer(number: &Number) -> bool {
    match Exact::from(number) {
        Exact::Integer(_) => true,
        Exact::Float(float) => float.fract() == 0.0,
    }
}

/// The integer with the same value, if it is one and fits in an `i64` or a `u64`.
pub fn to_integer(number: &Number) -> Option<Number> {
    let integer = match Exact::from(number) {
        Exact::Integer(_) => return Some(number.clone()),
        Exact::Float(float) if float.fract() == 0.0 => saturated(float),
        Exact::Float(_) => return None,
    };
    let signed = i64::try_from(integer).map(Number::from);
    signed
        .or_else(|_| u64::try_from(integer).map(Number::from))
        .ok()
}

/// Whether validators agree about the multiples of this number: from 1e-9 to 2^53.
///
/// They read a divisor as a double, so an integer has to be one exactly, and they lose the smallest
/// fractions.
pub fn is_divisor(number: &Number) -> bool {
    match Exact::from(number) {
        Exact::Integer(integer) => (1..=1 << 53).contains(&integer),
        Exact::Float(float) => (1e-9..=2_f64.powi(53)).contains(&float),
    }
}

/// Whether `number` is `divisor` times an integer.
///
/// Whole divisors divide exactly. With others both numbers are read as the decimals that their
/// doubles print as, so `0.3` is a multiple of `0.1`. The divisor is one that [`is_divisor`]
/// admits; of another there are no multiples but zero.
pub fn is_multiple_of(number: &Number, divisor: &Number) -> bool {
    let (Some(value), Some(by)) = (number.as_f64(), divisor.as_f64()) else {
        return false;
    };
    if value == 0.0 {
        return true;
    }
    if !is_divisor(divisor) || value.abs() < by && by.fract() != 0.0 {
        return false;
    }
    match Exact::from(number) {
        Exact::Integer(integer) if by.fract() == 0.0 => integer % saturated(by) == 0,
        _ if by.fract() == 0.0 => value % by == 0.0,
        _ => Decimal::divides(value, by).unwrap_or_else(|| divides_hugely(value.abs(), by)),
    }
}

/// Whether two JSON values are equal: numbers by value, objects without regard to order.
pub fn json_eq(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => compare(left, right).is_eq(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| json_eq(l, r))
        }
        (Value::Object(left), Value::Object(right)) => {
            let has = |(key, value)| right.get(key).is_some_and(|other| json_eq(value, other));
            left.len() == right.len() && left.iter().all(has)
        }
        (left, right) => left == right,
    }
}

/// The positions of the first value that occurs twice, earlier occurrence first.
///
/// Values are hashed with a random key, so this takes time in proportion to what is compared.
pub fn has_duplicates(values: &[Value]) -> Option<(usize, usize)> {
    let mut seen = HashMap::with_capacity(values.len());
    for (position, value) in values.iter().enumerate() {
        match seen.entry(ByValue(value)) {
            Entry::Occupied(first) => return Some((*first.get(), position)),
            Entry::Vacant(place) => place.insert(position),
        };
    }
    None
}

/// A value that hashes alike whenever [`json_eq`] holds.
struct ByValue<'v>(&'v Value);

impl PartialEq for ByValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        json_eq(self.0, other.0)
    }
}

impl Eq for ByValue<'_> {}

impl Hash for ByValue<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.0 {
            Value::Null => state.write_u8(0),
            Value::Bool(bool) => bool.hash(state),
            Value::Number(number) => match Exact::from(number) {
                Exact::Integer(integer) => integer.hash(state),
                Exact::Float(float) if float.fract() == 0.0 => saturated(float).hash(state),
                Exact::Float(float) => float.to_bits().hash(state),
            },
            Value::String(text) => text.hash(state),
            Value::Array(values) => {
                state.write_usize(values.len());
                for value in values {
                    ByValue(value).hash(state);
                }
            }
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_unstable_by_key(|(key, _)| *key);
                for (key, value) in members {
                    key.hash(state);
                    ByValue(value).hash(state);
                }
            }
        }
    }
}

/// A number without loss: `i64` and `u64` both fit in an `i128`.
#[derive(Clone, Copy)]
enum Exact {
    Integer(i128),
    Float(f64),
}

impl From<&Number> for Exact {
    fn from(number: &Number) -> Self {
        match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(integer), _, _) => Self::Integer(integer.into()),
            (_, Some(integer), _) => Self::Integer(integer.into()),
            (_, _, float) => Self::Float(float.unwrap_or(f64::INFINITY)),
        }
    }
}

/// Orders an integer of 64 bits and a float.
fn compare_mixed(integer: i128, float: f64) -> Ordering {
    let floor = float.floor();
    integer
        .cmp(&saturated(floor))
        .then(compare_floats(floor, float))
}

/// Orders two floats that come from JSON and so are numbers; `-0.0` equals `0.0`.
fn compare_floats(left: f64, right: f64) -> Ordering {
    left.partial_cmp(&right).unwrap_or(Ordering::Equal)
}

/// The integer part, or the end of the range that it lies beyond.
#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` truncates and saturates, which is what is asked for"
)]
fn saturated(float: f64) -> i128 {
    float as i128
}

/// `digits / 10^places`: what a double prints as.
#[derive(Clone, Copy)]
struct Decimal {
    digits: i128,
    places: i32,
}

impl Decimal {
    fn read(float: f64) -> Option<Self> {
        let text = format!("{float:e}");
        let (digits, exponent) = text.split_once('e')?;
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        Some(Self {
            digits: format!("{whole}{fraction}").parse().ok()?,
            places: i32::try_from(fraction.len()).ok()? - exponent.parse::<i32>().ok()?,
        })
    }

    /// Whether the quotient is an integer, if both fit in 128 bits at a common scale.
    fn divides(value: f64, divisor: f64) -> Option<bool> {
        let (value, divisor) = (Self::read(value)?, Self::read(divisor)?);
        let places = value.places.max(divisor.places);
        let rest = value.scaled(places)?.checked_rem(divisor.scaled(places)?)?;
        Some(rest == 0)
    }

    fn scaled(self, places: i32) -> Option<i128> {
        let zeros = u32::try_from(places - self.places).ok()?;
        self.digits.checked_mul(10_i128.checked_pow(zeros)?)
    }
}

/// Whether a whole number beyond [`Decimal`]'s range is a multiple of a fraction.
///
/// Such a number is read as the integer that the double is, and the fraction as `numerator / ten`
/// at the first power of ten that makes it whole within an epsilon.
fn divides_hugely(value: f64, divisor: f64) -> bool {
    let powers = (0..=25).map(|exponent| 10_f64.powi(exponent));
    let whole = |ten: &f64| ((divisor * ten).floor() - divisor * ten).abs() < f64::EPSILON;
    let Some(ten) = powers.into_iter().find(whole) else {
        return false;
    };
    let numerator = saturated(divisor * ten);
    let (mut rest, mut value) = (saturated(ten) % numerator, value);
    while value >= 2_f64.powi(63) {
        value /= 2.0;
        rest = rest * 2 % numerator;
    }
    rest * (saturated(value) % numerator) % numerator == 0
}
