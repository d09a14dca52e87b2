//! Rust source taken apart: code without comments and literals, and comments without code.
//!
//! A lexer of a page is enough for the rules, which look for words, and keeps a second Rust parser
//! out of the test. Lines keep their numbers: what is taken out is replaced by blanks.

/// A source file in two layers of the same lines.
pub(crate) struct Source {
    pub(crate) code: String,
    pub(crate) comments: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

impl Source {
    pub(crate) fn of(text: &str) -> Self {
        let mut source = Self {
            code: String::new(),
            comments: String::new(),
        };
        let (mut rest, mut before) = (text, None);
        while let Some(first) = rest.chars().next() {
            let (kind, length) = token(rest, first, before);
            let (taken, after) = rest.split_at(length);
            source.push(kind, taken);
            before = taken.chars().next_back();
            rest = after;
        }
        source
    }

    /// The code without items that exist only for tests.
    pub(crate) fn shipped(&self) -> String {
        let mut code = self.code.clone();
        for attribute in attributes(&self.code)
            .iter()
            .filter(|found| found.is_for_tests())
        {
            let end = attribute.end + item_length(&self.code[attribute.end..]);
            let end = if attribute.inner { code.len() } else { end };
            code.replace_range(
                attribute.start..end,
                &blank(&self.code[attribute.start..end]),
            );
        }
        code
    }

    fn push(&mut self, kind: Kind, taken: &str) {
        let keep = |wanted| {
            if kind == wanted {
                taken.to_owned()
            } else {
                blank(taken)
            }
        };
        self.code.push_str(&keep(Kind::Code));
        self.comments.push_str(&keep(Kind::Comment));
    }
}

/// An attribute in code: `#[body]`, or `#![body]` when it is an inner one.
pub(crate) struct Attribute<'c> {
    pub(crate) body: &'c str,
    inner: bool,
    start: usize,
    end: usize,
}

impl Attribute<'_> {
    /// The path in front of the arguments.
    pub(crate) fn name(&self) -> &str {
        let end = self.body.find(|c: char| !(is_word(c) || c == ':'));
        &self.body[..end.unwrap_or(self.body.len())]
    }

    /// Which line of `code` it begins on.
    pub(crate) fn line(&self, code: &str) -> usize {
        line_of(code, self.start)
    }

    fn is_for_tests(&self) -> bool {
        let body: String = self.body.split_whitespace().collect();
        let is_test = self.name() == "test" || self.name().ends_with("::test");
        is_test || body == "cfg(test)" || body.starts_with("cfg(all(test,")
    }
}

/// The attributes in `code`, which holds no literals and comments any more.
pub(crate) fn attributes(code: &str) -> Vec<Attribute<'_>> {
    let mut found = Vec::new();
    for (start, _) in code.match_indices('#') {
        let inner = code[start + 1..].starts_with('!');
        let open = start + 1 + usize::from(inner);
        if code[open..].starts_with('[') {
            let end = open + bracket_length(&code[open..]);
            let body = code[open + 1..end]
                .strip_suffix(']')
                .unwrap_or_default()
                .trim();
            found.push(Attribute {
                body,
                inner,
                start,
                end,
            });
        }
    }
    found
}

/// The line, from one, that holds the byte at `offset`.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// Where `word` stands in `text`, and is not the tail of a longer word.
pub(crate) fn find_word(text: &str, word: &str) -> Option<usize> {
    let begins = |at: &usize| !text[..*at].ends_with(is_word);
    text.match_indices(word).map(|(at, _)| at).find(begins)
}

/// Is `c` a character of identifiers?
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How far the item reaches that `code` begins with, attributes included.
fn item_length(code: &str) -> usize {
    let mut at = 0;
    while let Some(step) = code[at..].find(['(', '[', '{', '}', ']', ')', ';']) {
        at += step;
        match code.as_bytes()[at] {
            b'{' => return at + bracket_length(&code[at..]),
            b'(' | b'[' => at += bracket_length(&code[at..]),
            b';' => return at + 1,
            _ => return at,
        }
    }
    code.len()
}

/// How far the bracket reaches that `code` begins with.
fn bracket_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

fn token(rest: &str, first: char, before: Option<char>) -> (Kind, usize) {
    if rest.starts_with("//") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Kind::Comment, block_comment(rest));
    }
    let begins = !before.is_some_and(is_word);
    let raw = if begins { raw_string(rest) } else { None };
    match raw.or_else(|| quoted(rest, first)) {
        Some(length) => (Kind::Literal, length),
        None => (Kind::Code, first.len_utf8()),
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        let tail = &rest.as_bytes()[at..];
        if tail.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with(b"*/") {
            depth -= 1;
            at += 2;
        } else {
            at += 1;
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn raw_string(rest: &str) -> Option<usize> {
    let tail = ["r", "br", "cr"]
        .iter()
        .find_map(|prefix| rest.strip_prefix(prefix))?;
    let content = tail.trim_start_matches('#');
    let hashes = &tail[..tail.len() - content.len()];
    let content = content.strip_prefix('"')?;
    let close = format!("\"{hashes}");
    let begin = rest.len() - content.len();
    Some(
        content
            .find(&close)
            .map_or(rest.len(), |end| begin + end + close.len()),
    )
}

/// The length of a string or a character; a lifetime is neither.
fn quoted(rest: &str, first: char) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    match first {
        '"' => {}
        '\'' if rest.starts_with("'\\") => {}
        '\'' => {
            let (end, quote) = characters.nth(1)?;
            return (quote == '\'').then_some(end + 1);
        }
        _ => return None,
    }
    while let Some((at, c)) = characters.next() {
        if c == '\\' {
            characters.next();
        } else if c == first {
            return Some(at + 1);
        }
    }
    Some(rest.len())
}

/// As many blanks as `text` has bytes, on as many lines.
fn blank(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_code(text: &str, expected: &str) {
        let code = Source::of(text).code;
        assert_eq!(
            code.split_whitespace().collect::<Vec<_>>().join(" "),
            expected
        );
        assert_eq!(code.len(), text.len());
    }

    #[track_caller]
    fn check_shipped(text: &str, expected: &str) {
        let code = Source::of(text).shipped();
        assert_eq!(
            code.split_whitespace().collect::<Vec<_>>().join(" "),
            expected
        );
    }

    #[test]
    fn comments_are_no_code() {
        check_code("a // b\nc /* d /* e */ f */ g /// h", "a c g");
    }

    #[test]
    fn strings_are_no_code() {
        check_code(
            r##"a("b \" c", r"d\", br#"e " f"#, c"g") h"##,
            "a( , , , c ) h",
        );
    }

    #[test]
    fn characters_are_no_code_but_lifetimes_are() {
        check_code(
            r"f::<'a>('b', '\'', '\u{1F}', '»') 'c: loop",
            "f::<'a>( , , , ) 'c: loop",
        );
    }

    #[test]
    fn raw_identifiers_are_code() {
        check_code("r#type + for_r\"x\"", "r#type + for_r");
    }

    #[test]
    fn comments_stay_on_their_lines() {
        assert_eq!(Source::of("a\nb // c\n").comments, " \n  // c\n");
    }

    #[test]
    fn test_modules_do_not_ship() {
        check_shipped(
            "fn a() {} #[cfg(test)] mod tests { fn b() { c } } fn d() {}",
            "fn a() {} fn d() {}",
        );
    }

    #[test]
    fn test_functions_do_not_ship_under_more_attributes() {
        check_shipped(
            "#[tokio::test(start)] #[expect(x)] async fn b() -> [u8; 2] { c } d",
            "d",
        );
    }

    #[test]
    fn one_line_test_items_do_not_ship() {
        check_shipped("#[cfg(all(test, unix))] mod tests; a", "a");
    }

    #[test]
    fn a_file_may_be_for_tests_as_a_whole() {
        check_shipped("#![cfg(test)] use a; fn b() {}", "");
    }

    #[test]
    fn what_other_crates_test_with_ships() {
        check_shipped("#[cfg(any(test, x))] mod a;", "#[cfg(any(test, x))] mod a;");
    }

    #[test]
    fn attributes_have_names_and_lines() {
        let code = "#![a::b(c)]\n  #[d = [1]] e";
        let found = attributes(code);
        let found = found
            .iter()
            .map(|found| (found.name(), found.body, found.line(code)));
        assert!(found.eq([("a::b", "a::b(c)", 1), ("d", "d = [1]", 2)]));
    }
}
