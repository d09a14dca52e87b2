//! Numbers and equality against the keywords that compare them.

use std::cmp::Ordering;

use proptest::prelude::*;
use serde_json::{Number, Value, json};

use super::{for_all, validator};
use crate::number::{
    compare, has_duplicates, is_divisor, is_integer, is_multiple_of, json_eq, to_integer,
};

fn number(text: &str) -> Number {
    text.parse().expect("a number of a test is JSON")
}

/// Numbers of all kinds, crowded around the limits of the integers and of the doubles.
fn numbers() -> impl Strategy<Value = Number> {
    let edge = prop::sample::select(vec![0_i128, 1 << 31, 1 << 53, 1 << 63, 1 << 64, 10_000, 1]);
    let near = (edge, -3_i128..=3, any::<bool>()).prop_map(|(edge, by, negative)| {
        number(&(if negative { -edge + by } else { edge + by }).to_string())
    });
    let whole = (-1_000_000_i64..1_000_000).prop_map(|n| number(&format!("{n}.0")));
    let short = (-100_000_i64..100_000, -9_i32..30).prop_map(|(n, e)| number(&format!("{n}e{e}")));
    let float = any::<f64>().prop_filter_map("finite", Number::from_f64);
    let rounded = any::<i64>().prop_map(|n| number(&format!("{n}e0")));
    prop_oneof![
        4 => near,
        2 => whole,
        4 => short,
        1 => float,
        1 => rounded,
        1 => any::<i64>().prop_map(Number::from),
        1 => any::<u64>().prop_map(Number::from),
    ]
}

fn divisors() -> impl Strategy<Value = Number> {
    let short = (1_u32..2_000, -6_i32..4).prop_map(|(n, e)| number(&format!("{n}e{e}")));
    prop_oneof![3 => short, 1 => numbers()].prop_filter("positive", is_divisor)
}

/// Values that are often equal, though differently written.
fn values() -> impl Strategy<Value = Value> {
    let texts = [
        "0",
        "-0.0",
        "0.5",
        "1",
        "1.0",
        "2e0",
        "9007199254740993",
        "9007199254740992.0",
    ];
    let numbers = prop::sample::select(texts.to_vec()).prop_map(|text| Value::Number(number(text)));
    let other = prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(""),
        json!("a"),
        json!([]),
    ]);
    prop_oneof![2 => numbers, 1 => other].prop_recursive(3, 16, 4, |inner| {
        let keys = prop::sample::select(vec!["a", "b", "c"]);
        let members = prop::collection::vec((keys, inner.clone()), 0..4);
        let object =
            members.prop_map(|all| all.into_iter().map(|(k, v)| (k.to_owned(), v)).collect());
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::Array),
            object.prop_map(Value::Object)
        ]
    })
}

#[test]
fn floats_and_integers_compare_without_rounding() {
    let less = |left, right| assert_eq!(compare(&number(left), &number(right)), Ordering::Less);
    less("18446744073709551615", "18446744073709551616.0");
    less("9007199254740992.0", "9007199254740993");
    less("-9223372036854775809.0e5", "-9223372036854775808");
    less("-1.5", "-1");
    less("1", "1.5");
    less("-1e300", "-9223372036854775808");
    assert_eq!(compare(&number("-0.0"), &number("0")), Ordering::Equal);
}

#[test]
fn whole_floats_become_integers_within_sixty_four_bits() {
    for (float, integer) in [
        ("1.0", "1"),
        ("1e3", "1000"),
        ("-0.0", "0"),
        ("9223372036854775808.0", "9223372036854775808"),
    ] {
        assert_eq!(to_integer(&number(float)), Some(number(integer)));
    }
    for other in ["0.5", "1.8446744073709552e19", "-1e19", "1e300"] {
        assert_eq!(to_integer(&number(other)), None);
    }
    assert!(is_integer(&number("1e300")));
}

#[test]
fn multiples_are_read_as_decimals() {
    for (value, divisor) in [
        ("0.3", "0.1"),
        ("1e23", "0.1"),
        ("-7", "0.7"),
        ("19.99", "0.01"),
        ("0", "3"),
        ("1e300", "2"),
    ] {
        assert!(
            is_multiple_of(&number(value), &number(divisor)),
            "{value} of {divisor}"
        );
    }
    for (value, divisor) in [
        ("0.35", "0.1"),
        ("9007199254740993", "2"),
        ("0.5", "1"),
        ("1e-300", "0.1"),
    ] {
        assert!(
            !is_multiple_of(&number(value), &number(divisor)),
            "{value} of {divisor}"
        );
    }
}

#[test]
fn the_first_duplicate_is_found_in_a_large_array() {
    let mut values: Vec<Value> = (0..200_000).map(Value::from).collect();
    assert_eq!(has_duplicates(&values), None);
    values.push(json!(7.0));
    values.push(json!(3));
    assert_eq!(has_duplicates(&values), Some((7, 200_000)));
}

#[test]
fn bounds_agree() {
    for_all(&(numbers(), numbers()), |(value, bound)| {
        let ordering = compare(&value, &bound);
        for (keyword, expected) in [
            ("minimum", ordering.is_ge()),
            ("maximum", ordering.is_le()),
            ("exclusiveMinimum", ordering.is_gt()),
            ("exclusiveMaximum", ordering.is_lt()),
            ("const", ordering.is_eq()),
        ] {
            let schema = Value::Object([(keyword.to_owned(), json!(bound))].into_iter().collect());
            prop_assert_eq!(
                validator(&schema).is_valid(&json!(value)),
                expected,
                "{} {}",
                value,
                schema
            );
        }
        Ok(())
    });
}

#[test]
fn integers_agree() {
    let validator = validator(&json!({ "type": "integer" }));
    for_all(&numbers(), |value| {
        prop_assert_eq!(is_integer(&value), validator.is_valid(&json!(value)));
        if let Some(integer) = to_integer(&value) {
            prop_assert!(!integer.is_f64() && compare(&integer, &value).is_eq());
        }
        Ok(())
    });
}

#[test]
fn multiples_agree() {
    let factor = -1000_i64..1000;
    let product = (divisors(), factor, 0_i32..2).prop_map(|(divisor, factor, off)| {
        let value = divisor.as_f64().unwrap_or(1.0) * f64::from(i32::try_from(factor).unwrap_or(1));
        (
            number(&format!("{:e}", value + f64::from(off) / 1000.0)),
            divisor,
        )
    });
    for_all(
        &prop_oneof![(numbers(), divisors()), product],
        |(value, divisor)| {
            let oracle = validator(&json!({ "multipleOf": divisor }));
            prop_assert_eq!(
                is_multiple_of(&value, &divisor),
                oracle.is_valid(&json!(value)),
                "{} of {}",
                value,
                divisor
            );
            Ok(())
        },
    );
}

#[test]
fn equality_and_duplicates_agree() {
    let unique = validator(&json!({ "uniqueItems": true }));
    for_all(&prop::collection::vec(values(), 2..24), |items| {
        let equal = validator(&json!({ "const": items[0] })).is_valid(&items[1]);
        prop_assert_eq!(json_eq(&items[0], &items[1]), equal);
        let duplicates = has_duplicates(&items);
        if let Some((first, second)) = duplicates {
            prop_assert!(first < second && json_eq(&items[first], &items[second]));
        }
        prop_assert_eq!(duplicates.is_none(), unique.is_valid(&Value::Array(items)));
        Ok(())
    });
}
