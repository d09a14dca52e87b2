//! Which statements are not for a step: told by their first word.

/// What would end the transaction, or change the connection for whoever comes after.
const REFUSED: [&str; 18] = [
    "ABORT",
    "BEGIN",
    "CHECKPOINT",
    "COMMIT",
    "COPY",
    "DEALLOCATE",
    "DISCARD",
    "END",
    "LISTEN",
    "LOAD",
    "PREPARE",
    "RELEASE",
    "RESET",
    "ROLLBACK",
    "SAVEPOINT",
    "SET",
    "START",
    "UNLISTEN",
];

/// The word that a statement begins with, where that is not for a step.
pub(super) fn refused(sql: &str) -> Option<&'static str> {
    let sql = begun(sql);
    let end = sql.find(|c: char| !c.is_ascii_alphabetic());
    let word = &sql[..end.unwrap_or(sql.len())];
    REFUSED
        .into_iter()
        .find(|refused| refused.eq_ignore_ascii_case(word))
}

/// A statement from its first word on, after what the server skips: space, comments, and empty statements.
fn begun(mut sql: &str) -> &str {
    loop {
        sql = sql.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b' || c == ';');
        sql = if let Some(comment) = sql.strip_prefix("--") {
            comment.find(['\n', '\r']).map_or("", |end| &comment[end..])
        } else if sql.starts_with("/*") {
            after_comment(sql)
        } else {
            return sql;
        };
    }
}

/// What comes after a comment, which may have others inside.
fn after_comment(sql: &str) -> &str {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(found) = sql[at..].find(['*', '/']) {
        at += found;
        match sql.as_bytes().get(at..at + 2) {
            Some(b"/*") => depth += 1,
            Some(b"*/") => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return &sql[at..];
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::refused;

    #[test]
    fn the_first_word_tells_wherever_it_stands() {
        for (sql, word) in [
            ("COMMIT", Some("COMMIT")),
            ("commit;", Some("COMMIT")),
            (" ;\n; End", Some("END")),
            ("-- it is\n ROLLBACK TO x", Some("ROLLBACK")),
            (
                "/* a /* b */ ; c */Prepare TRANSACTION 'x'",
                Some("PREPARE"),
            ),
            ("/*/ no end */SET x TO y", Some("SET")),
            ("start/**/transaction", Some("START")),
            ("--", None),
            ("/* /* */ COMMIT", None),
            ("SELECT 'COMMIT'", None),
            ("committed", None),
            ("UPDATE x SET y = 1", None),
            ("WITH x AS (SELECT 1) SELECT * FROM x", None),
            ("", None),
        ] {
            assert_eq!(refused(sql), word, "{sql}");
        }
    }
}
