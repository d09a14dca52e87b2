//! `tools`.

use expect_test::expect;
use serde_json::Value;

use crate::{app, check, run};

#[test]
fn tools_are_written_for_a_vendor() {
    check(
        "tools --format anthropic add",
        &expect![[r#"
        Ok
        [
          {
            "name": "add",
            "description": "Adds two numbers. The sum must fit.",
            "strict": true,
            "input_schema": {
              "description": "Adds two numbers. The sum must fit.",
              "type": "object",
              "properties": {
                "a": {
                  "description": "The first number.",
                  "type": "integer"
                },
                "b": {
                  "description": "The second number. From -100 to 100. Default: 1.",
                  "type": "integer"
                }
              },
              "required": [
                "a"
              ],
              "additionalProperties": false
            }
          }
        ]
    "#]],
    );
}

#[test]
fn every_vendor_takes_every_action() {
    for format in [
        "openai",
        "openai-responses",
        "anthropic",
        "gemini",
        "gemini-openapi",
        "mcp",
    ] {
        let names = ["add", "book", "fail", "hard"];
        let args = [&["tools", "--format", format][..], &names].concat();
        let (_, out, err) = run(app(), &args, |io| io);
        let tools: Vec<Value> = serde_json::from_str(&out).unwrap_or_default();
        assert_eq!((tools.len(), &*err), (names.len(), ""), "{format}");
    }
}

#[test]
fn what_a_vendor_refuses_is_told() {
    check(
        "tools --format anthropic open",
        &expect![[r#"
            Misconfigured
            --- stderr
            error: the actions can't be tools of anthropic [tools.refused]
              - action `open`, param `/outer/inside/*/under`: anthropic refuses `$ref`: `Nested` contains itself; limit the nesting with a type for each level, or take that part as text
        "#]],
    );
    check(
        "tools --format mcp ad quux",
        &expect![[r#"
        Unknown
        --- stderr
        error: there is no action "ad"; did you mean "add"? [action.unknown]
          there is no action "quux"; `shop list` shows all
    "#]],
    );
    check(
        "tools",
        &expect![[r#"
        Usage
        --- stderr
        error: the following required arguments were not provided:
          --format <VENDOR>

        Usage: shop tools --format <VENDOR> [NAME]...

        For more information, try '--help'.
    "#]],
    );
}
