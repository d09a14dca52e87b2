//! How outputs are written, and what happens when nobody reads them.

use std::io::{self, Write};

use enact_cli::{Exit, Io};
use expect_test::expect;

use crate::{Written, app, check, run};

#[test]
fn text_is_written_as_it_is_and_all_else_as_json() {
    check(
        "run echo --what \"plain\"",
        &expect![[r#"
        Ok
        plain
    "#]],
    );
    check(
        "run echo --what \"plain\" --output json",
        &expect![[r#"
        Ok
        "plain"
    "#]],
    );
    check(
        "run echo --what null",
        &expect![[r#"
        Ok
    "#]],
    );
    check(
        "run echo --what null --output json",
        &expect![[r#"
        Ok
        null
    "#]],
    );
    check(
        "run echo --what {\"a\":[1]}",
        &expect![[r#"
        Ok
        {
          "a": [
            1
          ]
        }
    "#]],
    );
}

#[test]
fn data_is_not_restyled() {
    let (_, out, _) = run(
        app(),
        &["run", "echo", "--what", r#""\u001b[31mred""#],
        |io| io,
    );
    assert_eq!(out, "\u{1b}[31mred\n");
}

#[test]
fn progress_draws_nothing_where_no_terminal_is() {
    let (exit, _, err) = run(app(), &["run", "echo", "--what", "1"], |io| io);
    assert_eq!((exit, err.as_str()), (Exit::Ok, ""));
}

struct Fails(io::ErrorKind);

impl Write for Fails {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_output_ends_quietly() {
    for line in [
        "list",
        "describe add",
        "run add --a 1",
        "--help",
        "completions bash",
    ] {
        let err = Written::default();
        let io = Io::captured(Fails(io::ErrorKind::BrokenPipe), err.clone());
        assert_eq!(app().run_from(line.split(' '), io), Exit::Ok, "{line}");
        assert_eq!(err.text(), "", "{line}");
    }
}

#[test]
fn a_full_disk_is_told() {
    let err = Written::default();
    let io = Io::captured(Fails(io::ErrorKind::StorageFull), err.clone());
    assert_eq!(app().run_from(["list"], io), Exit::Failed);
    expect![[r#"
        error: could not write to the standard output [output.unwritten]
          because: no storage space
    "#]]
    .assert_eq(&err.text());
}
