//! `describe`, and the help of `run`.

use expect_test::expect;
use serde_json::Value;

use crate::{app, check, run};

#[test]
fn an_action_is_described_for_people() {
    check(
        "describe send_mail",
        &expect![[r#"
            Ok
            send_mail  Send mail

            Sends a mail.

            It goes out once for each call.

            Effect    idempotent
            Policy    timeout 5s, 2 retries with waits of 1ms to 2ms
            Needs     cli::actions::World
            Writes    outbox
            Category  mail
            Tags      demo
            Version   1.2.0
            Output    object

            Params
              send_to  text          required          3 to 80 characters  Who gets it.
              text     text          default hello                         What it says.
              copies   list of text  default []        at most 2 items     Who else gets it.
              speed    slow|fast     optional                              How fast.
              receipt  true|false    default false                         Whether to ask for a receipt.
              headers  object        default {}                            Further headers.
              api_key  text          required, secret  4 to 12 characters  The key of the account.
              pin      integer       optional, secret  at least 0          The account's number.

            Example
              shop run send_mail --send-to ada@example.org --copies bob --copies eve --api-key env:API_KEY
        "#]],
    );
}

#[test]
fn an_action_is_described_for_programs() {
    check(
        "describe add --output json",
        &expect![[r#"
            Ok
            {
              "name": "add",
              "title": null,
              "description": "Adds two numbers. The sum must fit.",
              "category": "math",
              "tags": [
                "pure",
                "numbers"
              ],
              "version": null,
              "effect": "read",
              "policy": {
                "timeout_ms": null,
                "deadline_ms": null,
                "retry": null,
                "grace_ms": 0,
                "undo_timeout_ms": 30000
              },
              "undo": false,
              "confirm": null,
              "dry_run": false,
              "needs": [],
              "writes": [],
              "place": "cli/tests/cli/actions.rs:23",
              "params": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                  "a": {
                    "type": "integer",
                    "description": "The first number.",
                    "minimum": -9223372036854775808,
                    "maximum": 9223372036854775807
                  },
                  "b": {
                    "type": "integer",
                    "description": "The second number.",
                    "default": 1,
                    "minimum": -100,
                    "maximum": 100
                  }
                },
                "required": [
                  "a"
                ],
                "description": "Adds two numbers. The sum must fit."
              },
              "output": {
                "type": "integer",
                "minimum": -9223372036854775808,
                "maximum": 9223372036854775807
              }
            }
        "#]],
    );
}

#[test]
fn an_unknown_action_gets_the_nearest_name() {
    check(
        "describe send_mial",
        &expect![[r#"
        Unknown
        --- stderr
        error: there is no action "send_mial"; did you mean "send_mail"? [action.unknown]
    "#]],
    );
    check(
        "describe quux",
        &expect![[r#"
        Unknown
        --- stderr
        error: there is no action "quux"; `shop list` shows all [action.unknown]
    "#]],
    );
}

#[test]
fn help_of_an_action_shows_its_flags() {
    check(
        "run send_mail --help",
        &expect![[r#"
            Ok
            Sends a mail.

            It goes out once for each call.

            Usage: shop run send_mail [OPTIONS]

            Options:
                  --json <JSON>
                      All params as JSON: text, @FILE, or - for the standard input; flags change single ones

                  --output <FORMAT>
                      Write for people or for programs [default: text]

                      [possible values: text, json]

                  --color <WHEN>
                      Use colours; auto does on a terminal, unless NO_COLOR is set [default: auto]

                      [possible values: auto, always, never]

                  --timeout <DURATION>
                      The longest that it may take, retries included, such as 30s or 5m

                  --dry-run
                      Show what it would do, and do nothing

              -h, --help
                      Print help (see a summary with '-h')

            Params:
                  --send-to <TEXT>
                      Who gets it. [required] [3 to 80 characters]

                  --text <TEXT>
                      What it says. [default: hello]

                  --copies <TEXT>
                      Who else gets it. [at most 2 items] [default: []] [once for each item]

                  --speed <VALUE>
                      How fast.

                      [possible values: slow, fast]

                  --receipt [<BOOLEAN>]
                      Whether to ask for a receipt. [default: false]

                      [possible values: true, false]

                  --headers <JSON>
                      Further headers. [default: {}]

                  --api-key <TEXT>
                      The key of the account. [required] [4 to 12 characters] [secret: give @FILE, - or env:NAME]

                  --pin <INTEGER>
                      The account's number. [at least 0] [secret: give @FILE, - or env:NAME]
        "#]],
    );
}

#[cfg(all(feature = "mcp", feature = "workflow"))]
#[test]
fn help_of_the_program_shows_its_verbs() {
    check(
        "--help",
        &expect![[r#"
        Ok
        Sells things.

        Usage: shop [OPTIONS] <VERB>

        Verbs:
          list         List the actions
          describe     Show all that an action says of itself
          run          Run an action
          tools        Write the actions as tools for a model
          graph        Draw a workflow
          mcp          Serve the actions as tools to clients of the Model Context Protocol
          completions  Write a shell's completion script

        Options:
              --output <FORMAT>  Write for people or for programs [default: text] [possible values: text, json]
              --color <WHEN>     Use colours; auto does on a terminal, unless NO_COLOR is set [default: auto] [possible values: auto, always, never]
          -h, --help             Print help
          -V, --version          Print version
    "#]],
    );
    check(
        "--version",
        &expect![[r#"
        Ok
        shop (enact 0.1.0)
    "#]],
    );
    check(
        "",
        &expect![[r#"
        Usage
        --- stderr
        Sells things.

        Usage: shop [OPTIONS] <VERB>

        Verbs:
          list         List the actions
          describe     Show all that an action says of itself
          run          Run an action
          tools        Write the actions as tools for a model
          graph        Draw a workflow
          mcp          Serve the actions as tools to clients of the Model Context Protocol
          completions  Write a shell's completion script

        Options:
              --output <FORMAT>  Write for people or for programs [default: text] [possible values: text, json]
              --color <WHEN>     Use colours; auto does on a terminal, unless NO_COLOR is set [default: auto] [possible values: auto, always, never]
          -h, --help             Print help
          -V, --version          Print version
    "#]],
    );
}

#[test]
fn every_action_is_described_and_helped_without_colours() {
    for action in ["add", "book", "echo", "fail", "hard", "open", "send_mail"] {
        for args in [
            &["describe", action][..],
            &["run", action, "--help"],
            &["list"],
        ] {
            let (_, out, err) = run(app(), args, |io| io);
            assert!(
                !out.contains('\u{1b}') && !err.contains('\u{1b}'),
                "{out}{err}"
            );
        }
        let (_, out, _) = run(app(), &["describe", action, "--output", "json"], |io| io);
        assert!(serde_json::from_str::<Value>(&out).unwrap()["params"].is_object());
    }
}

#[test]
fn colours_come_when_they_are_asked_for() {
    let (_, out, _) = run(app(), &["list", "--color", "always"], |io| io);
    assert!(out.contains("\u{1b}[36madd\u{1b}[0m"), "{out:?}");
    let (_, _, err) = run(app(), &["list", "--nope", "--color=always"], |io| io);
    assert!(err.contains('\u{1b}'), "{err:?}");
}
