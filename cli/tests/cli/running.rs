//! `run`: flags, JSON, violations, exits.

use enact_cli::Exit;
use expect_test::expect;

use crate::{app, check, check_with, run};

#[test]
fn flags_become_params() {
    check(
        "run add --a 2 --b -3",
        &expect![[r#"
        Ok
        -1
    "#]],
    );
    check(
        "run add --a 2",
        &expect![[r#"
        Ok
        3
    "#]],
    );
    check(
        "run send_mail --send-to ada --copies bob --copies eve --speed fast --receipt \
         --headers {\"x\":\"y\"} --api-key 12345",
        &expect![[r#"
            Ok
            {
              "params": {
                "send_to": "ada",
                "text": "hello",
                "copies": [
                  "bob",
                  "eve"
                ],
                "speed": "fast",
                "receipt": true,
                "headers": {
                  "x": "y"
                },
                "api_key": "[secret]",
                "pin": null
              },
              "key_length": 5
            }
        "#]],
    );
}

#[test]
fn every_spelling_of_a_flag_is_accepted() {
    check(
        "run send_mail --send_to ada --api_key 1234 --receipt false",
        &expect![[r#"
        Ok
        {
          "params": {
            "send_to": "ada",
            "text": "hello",
            "copies": [],
            "speed": null,
            "receipt": false,
            "headers": {},
            "api_key": "[secret]",
            "pin": null
          },
          "key_length": 4
        }
    "#]],
    );
    check(
        "run send_mail --recipient ada --api-key 1234 --speed null",
        &expect![[r#"
        Ok
        {
          "params": {
            "send_to": "ada",
            "text": "hello",
            "copies": [],
            "speed": null,
            "receipt": false,
            "headers": {},
            "api_key": "[secret]",
            "pin": null
          },
          "key_length": 4
        }
    "#]],
    );
}

#[test]
fn json_comes_from_the_line_a_file_or_the_input() {
    let file = std::env::temp_dir().join(format!("enact-cli-{}.json", std::process::id()));
    std::fs::write(&file, r#"{ "a": 3 }"#).unwrap();
    let at_file = format!("@{}", file.display());
    check(
        "run add --json {\"a\":1}",
        &expect![[r#"
        Ok
        2
    "#]],
    );
    check_with(
        "run add --json -",
        |io| io.input(&br#"{"a": 2}"#[..]),
        &expect![[r#"
        Ok
        3
    "#]],
    );
    check(
        &format!("run add --json {at_file}"),
        &expect![[r#"
        Ok
        4
    "#]],
    );
    std::fs::remove_file(file).unwrap();
}

#[test]
fn flags_go_over_json() {
    check(
        "run add --json {\"a\":1,\"b\":7} --b 10",
        &expect![[r#"
        Ok
        11
    "#]],
    );
    let json = "{\"recipient\":\"ada\",\"api_key\":\"1234\"}";
    check(
        &format!("run send_mail --send-to bob --json {json}"),
        &expect![[r#"
        Ok
        {
          "params": {
            "send_to": "bob",
            "text": "hello",
            "copies": [],
            "speed": null,
            "receipt": false,
            "headers": {},
            "api_key": "[secret]",
            "pin": null
          },
          "key_length": 4
        }
    "#]],
    );
    check(
        "run add --json [1] --b 2",
        &expect![[r#"
        Usage
        --- stderr
        error: --json: flags can only change the params of a JSON object; give one, or no flags
    "#]],
    );
    check(
        "run add --json {\"a\":",
        &expect![[r#"
        Usage
        --- stderr
        error: --json: this is no JSON: EOF while parsing a value at line 1 column 5; write @FILE, - or JSON text
    "#]],
    );
    check(
        "run add --json @/no/such/file",
        &expect![[r#"
        Usage
        --- stderr
        error: --json: can't read the file "/no/such/file": No such file or directory (os error 2)
    "#]],
    );
}

#[test]
fn hard_names_have_flags_where_they_can() {
    check(
        "run hard --param-output x --low-numbers -1 --low-numbers -2",
        &expect![[r#"
        Ok
        x 0 [-1, -2]
    "#]],
    );
    check(
        "run hard --json {\"output\":\"x\"} --odd 7",
        &expect![[r#"
        Ok
        x 7 []
    "#]],
    );
}

#[test]
fn every_violation_is_told_on_a_line_with_its_pointer() {
    check(
        "run send_mail --send-to x --speed fsat --copies a --copies b --copies c",
        &expect![[r#"
        Invalid
        --- stderr
        error: the params break 4 rules [invalid]
          /send_to: found 1 character; allowed: 3 to 80 characters [len]
          /copies: found 3 items; allowed: at most 2 items [len]
          /speed: found "fsat"; allowed: one of "slow", "fast" [variant]; did you mean "fast"?
          /api_key: found nothing; allowed: a string [required]
    "#]],
    );
    check(
        "run add --json {\"aa\":1,\"b\":\"x\"}",
        &expect![[r#"
            Invalid
            --- stderr
            error: the params break 3 rules [invalid]
              /aa: found the unknown field "aa"; allowed: one of "a", "b" [unknown]
              /b: found "x"; allowed: an integer [type]
              /a: found nothing; allowed: an integer [required]
        "#]],
    );
    check(
        "run add --json 7",
        &expect![[r#"
        Invalid
        --- stderr
        error: the params break a rule [invalid]
          the params: found 7; allowed: an object [type]
    "#]],
    );
}

#[test]
fn violations_are_json_where_json_is_asked_for() {
    check(
        "run add --a x --b 1000 --output json",
        &expect![[r#"
        Invalid
        {
          "kind": "invalid",
          "code": "invalid",
          "message": "the params break 2 rules",
          "retryable": false,
          "attempts": 0,
          "violations": [
            {
              "pointer": "/a",
              "code": "type",
              "found": "\"x\"",
              "allowed": "an integer"
            },
            {
              "pointer": "/b",
              "code": "max",
              "found": "1000",
              "allowed": "at most 100"
            }
          ]
        }
    "#]],
    );
}

#[test]
fn an_unknown_flag_is_a_usage_error_with_the_nearest() {
    check(
        "run send_mail --sned-to ada",
        &expect![[r#"
        Usage
        --- stderr
        error: unexpected argument '--sned-to' found

          tip: a similar argument exists: '--send-to'

        Usage: shop run send_mail --send-to <TEXT>

        For more information, try '--help'.
    "#]],
    );
    check(
        "run add --a",
        &expect![[r#"
        Usage
        --- stderr
        error: a value is required for '--a <INTEGER>' but none was supplied

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn an_unknown_action_gets_the_nearest_name() {
    check(
        "run ad --a 1",
        &expect![[r#"
        Unknown
        --- stderr
        error: there is no action "ad"; did you mean "add"? [action.unknown]
    "#]],
    );
    check(
        "run quux --output json",
        &expect![[r#"
        Unknown
        {
          "kind": "misconfigured",
          "code": "action.unknown",
          "message": "there is no action \"quux\"; `shop list` shows all",
          "retryable": false,
          "attempts": 0
        }
    "#]],
    );
    check(
        "rnu add",
        &expect![[r#"
        Usage
        --- stderr
        error: unrecognized subcommand 'rnu'

        Usage: shop [OPTIONS] <VERB>

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn failures_have_exits_and_causes() {
    check(
        "run fail --how world",
        &expect![[r#"
        Failed
        --- stderr
        error: No such file or directory (os error 2) [failed]
    "#]],
    );
    check(
        "run fail --how panic",
        &expect![[r#"
        Panicked
        --- stderr
        error: the code is wrong [panicked]
    "#]],
    );
    check(
        "run fail --how stall --timeout 5ms",
        &expect![[r#"
        Timeout
        --- stderr
        error: no answer before the deadline [timeout.deadline]
    "#]],
    );
    check(
        "run add --a 9223372036854775807 --output json",
        &expect![[r#"
        Failed
        {
          "kind": "failed",
          "code": "add.overflow",
          "message": "the sum is too large",
          "retryable": false,
          "attempts": 1
        }
    "#]],
    );
    check(
        "run add --a 1 --timeout soon",
        &expect![[r#"
            Usage
            --- stderr
            error: invalid value 'soon' for '--timeout <DURATION>': write numbers with units, such as 30s or 1m 30s

            For more information, try '--help'.
        "#]],
    );
}

#[test]
fn a_text_may_be_a_negative_number() {
    for given in ["-5", "-5.50"] {
        let args = ["run", "send_mail", "--send-to", "ada", "--api-key", "1234"];
        let (exit, out, err) = run(app(), &[&args[..], &["--text", given]].concat(), |io| io);
        assert_eq!((exit, &*err), (Exit::Ok, ""));
        assert!(out.contains(&format!("\"text\": \"{given}\"")), "{out}");
    }
}
