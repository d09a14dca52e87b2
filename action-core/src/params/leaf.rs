//! The types a param can be made of, and which rules fit each.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::BuildHasher;
use std::num::{NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroUsize};

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use super::Param;
use super::report::{Items, Keys, Length, Numeric, Report, Scalar, Text};
use super::rules::Counts;
use super::violation::Code;

macro_rules! integers {
    ($($int:ty),*) => {$(
        impl Param for $int {}

        impl Numeric for $int {
            fn number(&self) -> Option<Number> {
                Some((*self).into())
            }
        }

        impl Scalar for $int {
            fn scalar(&self) -> Option<Value> {
                Some((*self).into())
            }
        }
    )*};
}

integers!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);

macro_rules! nonzero {
    ($($int:ty),*) => {$(
        impl Param for $int {}

        impl Numeric for $int {
            fn number(&self) -> Option<Number> {
                Some(self.get().into())
            }
        }
    )*};
}

nonzero!(NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroUsize);

macro_rules! floats {
    ($($float:ty),*) => {$(
        impl Param for $float {
            fn check(&self, report: &mut Report<'_>) {
                if !self.is_finite() {
                    report.add(Code::Type, self.to_string(), "a finite number".to_owned());
                }
            }
        }

        impl Numeric for $float {
            fn number(&self) -> Option<Number> {
                Number::from_f64((*self).into())
            }
        }
    )*};
}

floats!(f32, f64);

impl Param for bool {}
impl Param for () {}
impl Param for Value {}
impl Param for char {}

impl Scalar for char {
    fn scalar(&self) -> Option<Value> {
        Some(self.to_string().into())
    }
}

macro_rules! texts {
    ($($text:ty),*) => {$(
        impl Text for $text {
            fn text(&self) -> Option<&str> {
                Some(self)
            }
        }

        impl Length for $text {
            const COUNTS: Counts = Counts::Characters;

            fn length(&self) -> Option<usize> {
                Some(self.chars().count())
            }
        }

        impl Scalar for $text {
            fn scalar(&self) -> Option<Value> {
                Some(Value::String(str::to_owned(self)))
            }
        }
    )*};
}

impl Param for String {}
impl Param for Box<str> {}
impl Param for Cow<'static, str> {}

// `str` for the keys of maps.
texts!(str, String, Box<str>, Cow<'static, str>);

macro_rules! lists {
    ($([$($bounds:tt)*] $list:ty),* $(,)?) => {$(
        impl<T: Param, $($bounds)*> Param for $list
        where
            Self: Serialize + DeserializeOwned + JsonSchema,
        {
            fn check(&self, report: &mut Report<'_>) {
                for (index, item) in self.iter().enumerate() {
                    report.item(index, |report| item.check(report));
                }
            }
        }

        impl<T: Serialize, $($bounds)*> Items for $list {
            type Item = T;

            fn each(&self, visit: &mut dyn FnMut(usize, &T)) {
                for (index, item) in self.iter().enumerate() {
                    visit(index, item);
                }
            }
        }

        impl<T, $($bounds)*> Length for $list {
            const COUNTS: Counts = Counts::Items;

            fn length(&self) -> Option<usize> {
                Some(self.len())
            }
        }
    )*};
}

lists!(
    [] Vec<T>,
    [] VecDeque<T>,
    [] Box<[T]>,
    [] BTreeSet<T>,
    [S: BuildHasher + Send + Sync + 'static] HashSet<T, S>,
    [const N: usize] [T; N],
);

macro_rules! maps {
    ($([$($bounds:tt)*] $map:ty),* $(,)?) => {$(
        impl<V: Param, $($bounds)*> Param for $map
        where
            Self: Serialize + DeserializeOwned + JsonSchema,
        {
            fn check(&self, report: &mut Report<'_>) {
                for (key, value) in self {
                    report.key(key, |report| value.check(report));
                }
            }
        }

        impl<V, $($bounds)*> Keys for $map {
            fn each_key(&self, visit: &mut dyn FnMut(&str)) {
                for key in self.keys() {
                    visit(key);
                }
            }
        }

        impl<V, $($bounds)*> Length for $map {
            const COUNTS: Counts = Counts::Keys;

            fn length(&self) -> Option<usize> {
                Some(self.len())
            }
        }
    )*};
}

maps!([] BTreeMap<String, V>, [S: BuildHasher + Send + Sync + 'static] HashMap<String, V, S>);

macro_rules! tuples {
    ($($($name:ident . $index:tt),+;)*) => {$(
        impl<$($name: Param),+> Param for ($($name,)+) {
            fn check(&self, report: &mut Report<'_>) {
                $(report.item($index, |report| self.$index.check(report));)+
            }
        }
    )*};
}

tuples! {
    A.0;
    A.0, B.1;
    A.0, B.1, C.2;
    A.0, B.1, C.2, D.3;
    A.0, B.1, C.2, D.3, E.4;
    A.0, B.1, C.2, D.3, E.4, F.5;
    A.0, B.1, C.2, D.3, E.4, F.5, G.6;
    A.0, B.1, C.2, D.3, E.4, F.5, G.6, H.7;
}

/// What stands around a param without being one: the rules go through to the inside.
macro_rules! through {
    ($($outer:ident: $inside:expr;)*) => {$(
        impl<T: Numeric> Numeric for $outer<T> {
            fn number(&self) -> Option<Number> {
                $inside(self).and_then(T::number)
            }
        }

        impl<T: Text> Text for $outer<T> {
            fn text(&self) -> Option<&str> {
                $inside(self).and_then(T::text)
            }
        }

        impl<T: Length> Length for $outer<T> {
            const COUNTS: Counts = T::COUNTS;

            fn length(&self) -> Option<usize> {
                $inside(self).and_then(T::length)
            }
        }

        impl<T: Items> Items for $outer<T> {
            type Item = T::Item;

            fn each(&self, visit: &mut dyn FnMut(usize, &T::Item)) {
                if let Some(inside) = $inside(self) {
                    inside.each(visit);
                }
            }
        }

        impl<T: Keys> Keys for $outer<T> {
            fn each_key(&self, visit: &mut dyn FnMut(&str)) {
                if let Some(inside) = $inside(self) {
                    inside.each_key(visit);
                }
            }
        }

        impl<T: Scalar> Scalar for $outer<T> {
            fn scalar(&self) -> Option<Value> {
                $inside(self).and_then(T::scalar)
            }
        }
    )*};
}

through! {
    Option: Option::as_ref;
    Box: inside_box;
}

#[expect(
    clippy::borrowed_box,
    clippy::unnecessary_wraps,
    reason = "it stands beside `Option::as_ref`, and answers alike"
)]
fn inside_box<T>(outer: &Box<T>) -> Option<&T> {
    Some(outer)
}

impl<T: Param> Param for Option<T> {
    fn check(&self, report: &mut Report<'_>) {
        if let Some(value) = self {
            value.check(report);
        }
    }
}

impl<T: Param> Param for Box<T> {
    fn check(&self, report: &mut Report<'_>) {
        T::check(self, report);
    }
}
