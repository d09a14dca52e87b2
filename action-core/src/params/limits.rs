//! The rules that a literal can be held against while compiling.

use super::rules::{Bound, Len, Literal};

/// The rules of one param that need no more than arithmetic.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The least number.
    pub min: Option<Bound>,
    /// The greatest number.
    pub max: Option<Bound>,
    /// What every number lies above.
    pub exclusive_min: Option<Bound>,
    /// What every number lies below.
    pub exclusive_max: Option<Bound>,
    /// What every number is a multiple of.
    pub multiple_of: Option<Bound>,
    /// How long: characters.
    pub len: Option<Len>,
    /// The only values allowed; empty for any.
    pub one_of: &'static [Literal],
    /// What is allowed, in words.
    pub allowed: &'static str,
}

impl Limits {
    /// No rules at all.
    pub const NONE: Self = Self {
        min: None,
        max: None,
        exclusive_min: None,
        exclusive_max: None,
        multiple_of: None,
        len: None,
        one_of: &[],
        allowed: "",
    };

    /// Whether a whole number breaks a rule.
    pub const fn refuse_int(&self, value: i128) -> bool {
        let below = matches!(self.min, Some(bound) if bound.above(value));
        let above = matches!(self.max, Some(bound) if bound.below(value));
        let at_least = matches!(self.exclusive_min, Some(bound) if !bound.below(value));
        let at_most = matches!(self.exclusive_max, Some(bound) if !bound.above(value));
        let part = match self.multiple_of {
            Some(Bound::Int(of)) => of != 0 && value % (of as i128) != 0,
            Some(Bound::Uint(of)) => of != 0 && value % (of as i128) != 0,
            Some(Bound::Float(_)) | None => false,
        };
        below || above || at_least || at_most || part || !self.lists_int(value)
    }

    /// Whether a fraction breaks a bound.
    pub const fn refuse_float(&self, value: f64) -> bool {
        let below = matches!(self.min, Some(bound) if bound.as_f64() > value);
        let above = matches!(self.max, Some(bound) if bound.as_f64() < value);
        let at_least = matches!(self.exclusive_min, Some(bound) if bound.as_f64() >= value);
        let at_most = matches!(self.exclusive_max, Some(bound) if bound.as_f64() <= value);
        below || above || at_least || at_most
    }

    /// Whether text is too short, too long or not listed.
    pub const fn refuse_text(&self, value: &str) -> bool {
        let chars = characters(value);
        let length = match self.len {
            Some(Len { min, max }) => chars < min || matches!(max, Some(max) if chars > max),
            None => false,
        };
        length || !self.lists_text(value)
    }

    const fn lists_int(&self, value: i128) -> bool {
        let mut index = 0;
        while index < self.one_of.len() {
            match self.one_of[index] {
                Literal::Number(Bound::Int(one)) if one as i128 == value => return true,
                Literal::Number(Bound::Uint(one)) if one as i128 == value => return true,
                _ => index += 1,
            }
        }
        self.one_of.is_empty()
    }

    const fn lists_text(&self, value: &str) -> bool {
        let mut index = 0;
        while index < self.one_of.len() {
            match self.one_of[index] {
                Literal::Text(one) if same(one, value) => return true,
                _ => index += 1,
            }
        }
        self.one_of.is_empty()
    }
}

impl Bound {
    #[expect(
        clippy::cast_precision_loss,
        reason = "compared with a fraction as written"
    )]
    const fn as_f64(self) -> f64 {
        match self {
            Self::Int(bound) => bound as f64,
            Self::Uint(bound) => bound as f64,
            Self::Float(bound) => bound,
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a fraction bounds an integer as written"
    )]
    const fn above(self, value: i128) -> bool {
        match self {
            Self::Int(bound) => bound as i128 > value,
            Self::Uint(bound) => bound as i128 > value,
            Self::Float(bound) => bound > value as f64,
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a fraction bounds an integer as written"
    )]
    const fn below(self, value: i128) -> bool {
        match self {
            Self::Int(bound) => (bound as i128) < value,
            Self::Uint(bound) => (bound as i128) < value,
            Self::Float(bound) => bound < value as f64,
        }
    }
}

/// The characters of a text: its bytes that begin one.
const fn characters(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let (mut index, mut count) = (0, 0);
    while index < bytes.len() {
        if bytes[index] & 0b1100_0000 != 0b1000_0000 {
            count += 1;
        }
        index += 1;
    }
    count
}

/// Whether two texts are the same.
pub const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Bound, Len, Limits, Literal};

    #[test]
    fn numbers_are_held_against_bounds_and_lists() {
        let limits = Limits {
            min: Some(Bound::Int(-5)),
            exclusive_max: Some(Bound::Uint(10)),
            ..Limits::NONE
        };
        let refused = [-6, -5, 9, 10].map(|value| limits.refuse_int(value));
        assert_eq!(refused, [true, false, false, true]);
        assert!(limits.refuse_float(-5.5) && !limits.refuse_float(9.9));
        let even = Limits {
            multiple_of: Some(Bound::Int(2)),
            ..Limits::NONE
        };
        assert!(even.refuse_int(3) && !even.refuse_int(4));
    }

    #[test]
    fn text_is_counted_in_characters() {
        let limits = Limits {
            len: Some(Len {
                min: 1,
                max: Some(2),
            }),
            ..Limits::NONE
        };
        let refused = ["", "ä", "äö", "äöü"].map(|text| limits.refuse_text(text));
        assert_eq!(refused, [true, false, false, true]);
        let listed = Limits {
            one_of: &[Literal::Text("s"), Literal::Text("m")],
            ..Limits::NONE
        };
        assert!(listed.refuse_text("l") && !listed.refuse_text("m"));
    }
}
