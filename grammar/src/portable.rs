//! The regular expressions that mean the same in ECMA-262, Python `re` and Rust `regex`.

use std::{error, fmt};

use regex_syntax::ast::{
    self, AssertionKind, Ast, ClassPerl, ClassPerlKind, ClassSetBinaryOp, ClassSetItem, ErrorKind,
    GroupKind, Span, Visitor, parse::Parser,
};

/// ECMA-262 `.` without the `s` flag.
const ANY: &str = r"[^\n\r\u2028\u2029]";
/// ECMA-262 `WhiteSpace` and `LineTerminator`.
const SPACE: &str = r"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

const PLAIN_GROUPS: &str = "is not portable: write `(...)` or `(?:...)`";
const PLAIN_CLASSES: &str = "is not portable: write out the characters and ranges of the class";
const EDGES_ONLY: &str = "is not portable: the only assertions are `^` and `$`";
const KNOWN_ESCAPES: &str = r"is not portable: a backslash goes before `^$\.*+?()[]{}|/`, or makes `\d`, `\w`, `\s`, `\t`, `\n`, `\r`, `\f`, `\v`, `\xHH` or `\uHHHH`";
const NEEDS_BACKSLASH: &str = "is not portable: write a backslash before it";
const NOT_A_COUNT: &str = r"is no repetition: write `{2}`, `{2,}`, `{2,5}`, or `\{` for a brace";

/// Checks that `pattern` means the same in every engine that may read it.
///
/// One thing is beyond repair and allowed: Python's `$` also matches before a final line feed.
///
/// # Errors
///
/// Returns an error that names the first offending piece and says what to write instead.
pub fn check_portable(pattern: &str) -> Result<(), PatternError> {
    write_out(pattern).map(drop)
}

/// Writes out the shorthands of a portable pattern, whose meaning depends on the engine: `.`,
/// `\d`, `\w`, `\s` and their negations become the classes that ECMA-262 says they are.
///
/// # Errors
///
/// Returns an error if the pattern is not portable, as [`check_portable`] does.
pub fn write_out(pattern: &str) -> Result<String, PatternError> {
    let ast = Parser::new()
        .parse(pattern)
        .map_err(|error| PatternError::new(pattern, *error.span(), &advice(error.kind())))?;
    let reader = Reader {
        pattern,
        edges: [0; 2],
        shorthands: Vec::new(),
    };
    let mut text = pattern.to_owned();
    for (span, class) in ast::visit(&ast, reader)?.iter().rev() {
        text.replace_range(span.start.offset..span.end.offset, class);
    }
    Ok(text)
}

/// What to write instead of something that did not even parse.
fn advice(kind: &ErrorKind) -> String {
    let advice = match kind {
        ErrorKind::UnsupportedLookAround => {
            "is a look-around: write what the string is, not what surrounds it"
        }
        ErrorKind::UnsupportedBackreference => {
            "is a backreference or an octal escape: write the characters again"
        }
        ErrorKind::EscapeUnrecognized | ErrorKind::ClassEscapeInvalid => KNOWN_ESCAPES,
        ErrorKind::FlagUnrecognized | ErrorKind::GroupNameInvalid => PLAIN_GROUPS,
        ErrorKind::RepetitionCountUnclosed | ErrorKind::RepetitionCountDecimalEmpty => NOT_A_COUNT,
        other => return format!("is not a regular expression: {other}"),
    };
    advice.to_owned()
}

/// Goes through a pattern once, refuses what is not portable and collects the shorthands.
struct Reader<'p> {
    pattern: &'p str,
    /// The first and the last offset a literal `-` may have in the class at hand.
    edges: [usize; 2],
    shorthands: Vec<(Span, String)>,
}

impl Visitor for Reader<'_> {
    type Output = Vec<(Span, String)>;
    type Err = PatternError;

    fn finish(self) -> Result<Self::Output, PatternError> {
        Ok(self.shorthands)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), PatternError> {
        match ast {
            Ast::Empty(_) | Ast::Alternation(_) | Ast::Concat(_) => {}
            Ast::Dot(span) => self.shorthands.push((**span, ANY.to_owned())),
            Ast::Literal(literal) => self.literal(literal.span, "]}", r"^$\.*+?()[]{}|/")?,
            Ast::Assertion(assertion) => match assertion.kind {
                AssertionKind::StartLine | AssertionKind::EndLine => {}
                _ => return self.refuse(assertion.span, EDGES_ONLY),
            },
            Ast::Group(group) => match &group.kind {
                GroupKind::NonCapturing(flags) if flags.items.is_empty() => {}
                GroupKind::NonCapturing(flags) => return self.refuse(flags.span, PLAIN_GROUPS),
                GroupKind::CaptureName { name, .. } => return self.refuse(name.span, PLAIN_GROUPS),
                GroupKind::CaptureIndex(_) => {}
            },
            Ast::Repetition(repetition) => self.repetition(repetition)?,
            Ast::ClassPerl(class) => {
                let (not, set) = (if class.negated { "^" } else { "" }, characters(class));
                self.shorthands.push((class.span, format!("[{not}{set}]")));
            }
            Ast::ClassBracketed(class) => {
                let first = class.span.start.offset + 1 + usize::from(class.negated);
                self.edges = [first, class.span.end.offset - 2];
            }
            Ast::ClassUnicode(class) => return self.refuse(class.span, PLAIN_CLASSES),
            Ast::Flags(flags) => return self.refuse(flags.span, PLAIN_GROUPS),
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), PatternError> {
        const ESCAPES: &str = r"^$\.*+?()[]{}|/-";
        match item {
            ClassSetItem::Empty(_) | ClassSetItem::Union(_) => Ok(()),
            ClassSetItem::Literal(literal) => {
                let edge = self.edges.contains(&literal.span.start.offset);
                self.literal(literal.span, if edge { "[]" } else { "[]-" }, ESCAPES)
            }
            ClassSetItem::Range(range) => {
                self.literal(range.start.span, "[]-", ESCAPES)?;
                self.literal(range.end.span, "[]-", ESCAPES)
            }
            ClassSetItem::Perl(class) if !class.negated => {
                let set = characters(class).to_owned();
                self.shorthands.push((class.span, set));
                Ok(())
            }
            other => self.refuse(*other.span(), PLAIN_CLASSES),
        }
    }

    fn visit_class_set_binary_op_pre(&mut self, op: &ClassSetBinaryOp) -> Result<(), PatternError> {
        self.refuse(op.span, PLAIN_CLASSES)
    }
}

impl Reader<'_> {
    fn refuse(&self, span: Span, advice: &str) -> Result<(), PatternError> {
        Err(PatternError::new(self.pattern, span, advice))
    }

    fn text(&self, span: Span) -> &str {
        &self.pattern[span.start.offset..span.end.offset]
    }

    /// A literal is itself, unless it is one of `bare`; or one of `escapes` after a backslash; or
    /// spelt in a way every engine knows.
    fn literal(&self, span: Span, bare: &str, escapes: &str) -> Result<(), PatternError> {
        let text = self.text(span);
        let Some(escape) = text.strip_prefix('\\') else {
            let plain = !bare.contains(text);
            return if plain {
                Ok(())
            } else {
                self.refuse(span, NEEDS_BACKSLASH)
            };
        };
        let known = match escape.as_bytes() {
            [b't' | b'n' | b'r' | b'f' | b'v'] => true,
            [b'x', digits @ ..] => digits.len() == 2,
            [b'u', digits @ ..] => digits.len() == 4 && digits[0] != b'{',
            _ => escapes.contains(escape),
        };
        if known {
            Ok(())
        } else {
            self.refuse(span, KNOWN_ESCAPES)
        }
    }

    /// Repeats an atom once, with digits in the braces and nothing else.
    fn repetition(&self, repetition: &ast::Repetition) -> Result<(), PatternError> {
        let span = repetition.op.span;
        if matches!(*repetition.ast, Ast::Repetition(_)) {
            return self.refuse(span, "repeats a repetition: write a group around it");
        }
        if !takes_characters(&repetition.ast) {
            return self.refuse(span, "repeats something without characters: write it once");
        }
        let spaced = self.text(span).contains(char::is_whitespace);
        if spaced {
            self.refuse(span, NOT_A_COUNT)
        } else {
            Ok(())
        }
    }
}

/// Whether some part of the expression stands for characters, and not only for a place.
fn takes_characters(ast: &Ast) -> bool {
    match ast {
        Ast::Empty(_) | Ast::Flags(_) | Ast::Assertion(_) => false,
        Ast::Group(group) => takes_characters(&group.ast),
        Ast::Repetition(repetition) => takes_characters(&repetition.ast),
        Ast::Concat(concat) => concat.asts.iter().any(takes_characters),
        Ast::Alternation(alternation) => alternation.asts.iter().any(takes_characters),
        _ => true,
    }
}

/// What ECMA-262 with the `u` flag understands by `\d`, `\w` and `\s`, without the brackets.
fn characters(class: &ClassPerl) -> &'static str {
    match class.kind {
        ClassPerlKind::Digit => "0-9",
        ClassPerlKind::Word => "0-9A-Za-z_",
        ClassPerlKind::Space => SPACE,
    }
}

/// Why a pattern cannot be published, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError(String);

impl PatternError {
    /// A pattern that is fine but for its size.
    pub fn too_large(pattern: &str) -> Self {
        let advice = "is too large: bound the string's length instead of repeating so often";
        Self(format!("`{pattern}` {advice}"))
    }

    /// A mistake in a part of the pattern, or just before it if the part is empty.
    fn new(pattern: &str, span: Span, advice: &str) -> Self {
        let (start, end) = (span.start.offset, span.end.offset);
        let start = start.min(pattern.floor_char_boundary(end.saturating_sub(1)));
        let piece = &pattern[start..end];
        Self(format!("`{piece}` at byte {start} {advice}"))
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for PatternError {}
