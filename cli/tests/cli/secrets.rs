//! Secrets: read from where nobody sees them, and never printed.

use enact_cli::{Exit, Io};
use expect_test::expect;

use crate::{app, check, check_with, run};

const SECRET: &str = "s3cr3t-key";

#[track_caller]
fn check_read(key: &str, io: impl FnOnce(Io) -> Io) {
    let args = ["run", "send_mail", "--send-to", "ada", "--api-key", key];
    let (exit, out, err) = run(app(), &args, io);
    assert_eq!((exit, &*err), (Exit::Ok, ""));
    assert!(
        out.contains("\"key_length\": 10\n") && !out.contains(SECRET),
        "{out}"
    );
}

#[test]
fn a_secret_comes_from_a_file_the_input_or_the_environment() {
    let file = std::env::temp_dir().join(format!("enact-cli-{}.key", std::process::id()));
    std::fs::write(&file, format!("{SECRET}\n")).unwrap();
    check_read(&format!("@{}", file.display()), |io| io);
    std::fs::remove_file(file).unwrap();
    check_read("-", |io| io.input(SECRET.as_bytes()));
    check_read("env:KEY", |io| io.env("KEY", SECRET));
    check_read(SECRET, |io| io);
}

#[test]
fn a_secret_that_is_not_there_is_a_usage_error() {
    check(
        "run send_mail --send-to ada --api-key env:KEY",
        &expect![[r#"
            Usage
            --- stderr
            error: --api-key: the environment has no variable "KEY"; set it first
        "#]],
    );
    check(
        "run send_mail --send-to ada --api-key @/no/such/file",
        &expect![[r#"
            Usage
            --- stderr
            error: --api-key: can't read the file "/no/such/file": No such file or directory (os error 2)
        "#]],
    );
}

#[test]
fn a_secret_is_never_printed() {
    let long = format!("{SECRET}-{SECRET}");
    for output in ["text", "json"] {
        for (key, pin) in [(&*long, "1"), (SECRET, SECRET), (SECRET, "1")] {
            let args = [
                "run",
                "send_mail",
                "--send-to",
                "ada",
                "--api-key",
                key,
                "--pin",
                pin,
            ];
            let args = [&args[..], &["--output", output]].concat();
            let (_, out, err) = run(app(), &args, |io| io);
            assert!(!out.contains(SECRET) && !err.contains(SECRET), "{out}{err}");
        }
    }
}

#[test]
fn a_misspelt_flag_does_not_print_its_secret() {
    let misspelt = format!("--api-kye={SECRET}");
    let (_, out, err) = run(app(), &["run", "send_mail", &misspelt], |io| io);
    assert!(!out.contains(SECRET) && !err.contains(SECRET), "{out}{err}");
}

#[test]
fn what_is_wrong_with_a_secret_is_told_without_it() {
    check(
        "run send_mail --send-to ada --api-key x --pin 1234x",
        &expect![[r#"
        Invalid
        --- stderr
        error: the params break 2 rules [invalid]
          /api_key: found [secret]; allowed: 4 to 12 characters [len]
          /pin: found [secret]; allowed: an integer or null [type]
    "#]],
    );
}

#[test]
fn the_input_is_one_secret_and_no_second() {
    check_with(
        "run send_mail --send-to ada --api-key - --pin -",
        |io| io.input(SECRET.as_bytes()),
        &expect![[r#"
            Usage
            --- stderr
            error: --pin: can't read the standard input: another flag has read it; give @FILE
        "#]],
    );
}
