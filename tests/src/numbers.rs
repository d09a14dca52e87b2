//! Integers of every width, floats, bools, and the rules of numbers.

use std::num::{NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroUsize};

use enact::prelude::*;

shapes! { Unsigned Signed NonZero Floats Flags Bounded Stepped Perhaps Listed Nothing }

/// Unsigned integers.
#[derive(Action)]
#[action(name = "unsigned")]
struct Unsigned {
    /// 8 bits.
    a: u8,
    /// 16 bits.
    b: u16,
    /// 32 bits.
    c: u32,
    /// 64 bits.
    d: u64,
    /// As wide as the machine.
    e: usize,
}

/// Signed integers.
#[derive(Action)]
#[action(name = "signed")]
struct Signed {
    /// 8 bits.
    a: i8,
    /// 16 bits.
    b: i16,
    /// 32 bits.
    c: i32,
    /// 64 bits.
    d: i64,
    /// As wide as the machine.
    e: isize,
}

/// Integers that are not zero.
#[derive(Action)]
#[action(name = "non_zero")]
struct NonZero {
    /// 8 bits.
    a: NonZeroU8,
    /// 16 bits.
    b: NonZeroU16,
    /// 32 bits.
    c: NonZeroU32,
    /// 64 bits.
    d: NonZeroU64,
    /// As wide as the machine.
    #[param(max = 1_000)]
    e: Option<NonZeroUsize>,
}

/// Floats.
#[derive(Action)]
#[action(name = "floats")]
struct Floats {
    /// Single precision.
    a: f32,
    /// Double precision.
    b: f64,
    /// A share.
    #[param(min = 0, max = 1)]
    c: f32,
    /// A latitude.
    #[param(min = -90.0, max = 90.0)]
    d: f64,
    /// Above nothing and below a tenth.
    #[param(exclusive_min = 0, exclusive_max = 0.1)]
    e: Option<f64>,
}

/// Bools.
#[derive(Action)]
#[action(name = "flags")]
struct Flags {
    /// It has to be said.
    a: bool,
    /// It is true if it is not said.
    #[param(default = true)]
    b: bool,
    /// It may be left open.
    c: Option<bool>,
}

/// Integers between bounds.
#[derive(Action)]
#[action(name = "bounded")]
struct Bounded {
    /// A month.
    #[param(min = 1, max = 12, example = 7)]
    a: u8,
    /// Between the ends.
    #[param(exclusive_min = -10, exclusive_max = 10, default = 3)]
    b: i32,
    /// Beyond what a double holds exactly.
    #[param(min = 9_007_199_254_740_993, max = 18_446_744_073_709_551_614)]
    c: Option<u64>,
    /// Around the least.
    #[param(max = -9_223_372_036_854_775_807)]
    d: Option<i64>,
    /// A bound that the type keeps anyway.
    #[param(min = -5, max = 70_000)]
    e: u16,
    /// Exclusive bounds that the type keeps anyway.
    #[param(exclusive_min = -5_000_000_000, exclusive_max = 5_000_000_000)]
    f: i32,
    /// A fraction as the bound of an integer.
    #[param(min = 0.5, max = 7.5)]
    g: i64,
}

/// Multiples.
#[derive(Action)]
#[action(name = "stepped")]
struct Stepped {
    /// A dozen or several.
    #[param(multiple_of = 12)]
    a: u32,
    /// Cents.
    #[param(multiple_of = 0.01, min = 0)]
    b: f64,
    /// Quarters.
    #[param(multiple_of = 0.25)]
    c: Option<f64>,
    /// Whole numbers of a hundred.
    #[param(multiple_of = 100, min = -1_000)]
    d: i64,
    /// Halves, in an integer.
    #[param(multiple_of = 2.5)]
    e: Option<u64>,
}

/// Numbers that may be absent, in all the ways there are.
#[derive(Action)]
#[action(name = "perhaps")]
struct Perhaps {
    /// Null, or absent.
    #[param(min = 1)]
    a: Option<u8>,
    /// Null twice over.
    #[param(max = 5)]
    #[expect(clippy::option_option, reason = "rules go through both")]
    b: Option<Option<i32>>,
    /// In a box.
    #[param(min = 1, max = 9)]
    c: Box<u64>,
    /// In a box that may be absent.
    #[param(exclusive_max = 100)]
    d: Option<Box<i16>>,
    /// Null in a box.
    #[param(min = 0)]
    e: Box<Option<i64>>,
}

/// Integers from a list.
#[derive(Action)]
#[action(name = "listed")]
struct Listed {
    /// A baud rate.
    #[param(one_of(300, 1_200, 9_600), default = 9_600)]
    a: u32,
    /// A sign.
    #[param(one_of(-1, 0, 1))]
    b: i8,
    /// A sign that may be absent.
    #[param(one_of(-1, 1))]
    c: Option<i8>,
    /// The ends of 64 bits.
    #[param(one_of(0, 18_446_744_073_709_551_615))]
    d: Option<u64>,
}

/// No params at all.
#[derive(Action)]
#[action(name = "nothing")]
struct Nothing;
