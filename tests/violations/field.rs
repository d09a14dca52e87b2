//! A valid value, planted with faults, and the report that is expected of it.

use enact::params::Code;
use fastrand::Rng;
use serde_json::Value;

use super::plant::{Change, Fault, Planter};

/// Plants up to `most` faults that have nothing to do with one another.
pub(crate) fn plant(
    schema: &Value,
    value: &Value,
    most: usize,
    dice: &mut Rng,
) -> (Value, Vec<Fault>) {
    let mut candidates = Planter::faults(schema, value);
    dice.shuffle(&mut candidates);
    let mut chosen: Vec<Fault> = Vec::new();
    for fault in candidates {
        let alone = chosen.iter().all(|other| !meet(other, &fault));
        if chosen.len() < most && alone {
            chosen.push(fault);
        }
    }
    let mut planted = value.clone();
    // What is added comes last, so that the pointers of the others stay right.
    chosen.sort_by_key(|fault| matches!(fault.change, Change::Put(..)));
    for fault in &chosen {
        apply(&fault.change, &mut planted);
    }
    (planted, chosen)
}

fn meet(one: &Fault, other: &Fault) -> bool {
    let within = |outer: &str, inner: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    one.touches.iter().any(|one| {
        other
            .touches
            .iter()
            .any(|it| within(one, it) || within(it, one))
    })
}

fn apply(change: &Change, value: &mut Value) {
    match change {
        Change::Set(pointer, other) => {
            *value.pointer_mut(pointer).expect("the place is there") = other.clone();
        }
        Change::Put(pointer, key, member) => {
            let target = value.pointer_mut(pointer).and_then(Value::as_object_mut);
            target
                .expect("the object is there")
                .insert(key.clone(), member.clone());
        }
        Change::Drop(pointer, key) => {
            let target = value.pointer_mut(pointer).and_then(Value::as_object_mut);
            target.expect("the object is there").shift_remove(key);
        }
    }
}

/// What is to be reported, in the order of the document.
pub(crate) fn expected(planted: &Value, faults: &[Fault]) -> Vec<(String, Code)> {
    let mut sorted: Vec<&Fault> = faults.iter().collect();
    sorted.sort_by_key(|fault| (position(planted, &fault.pointer), fault.rank));
    sorted
        .iter()
        .map(|fault| (fault.pointer.clone(), fault.code))
        .collect()
}

/// Where a place stands in the document; what is missing stands behind what is there.
fn position(mut value: &Value, pointer: &str) -> Vec<usize> {
    let mut path = Vec::new();
    for token in pointer.split('/').skip(1) {
        let key = token.replace("~1", "/").replace("~0", "~");
        let index = match value {
            Value::Object(map) => map.keys().position(|other| *other == key),
            _ => key.parse().ok(),
        };
        path.push(index.unwrap_or(usize::MAX));
        let inner = match value {
            Value::Object(map) => map.get(&key),
            Value::Array(items) => items.get(index.unwrap_or(usize::MAX)),
            _ => None,
        };
        value = inner.unwrap_or(&Value::Null);
    }
    path
}
