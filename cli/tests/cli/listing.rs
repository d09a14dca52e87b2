//! `list`.

use expect_test::expect;
use serde_json::Value;

use crate::{app, check, run};

#[test]
fn all_actions_are_listed_by_name() {
    check(
        "list",
        &expect![[r#"
            Ok
            add            read        Adds two numbers.
            book           write       Books a seat, and never hears back.
            close_account  write       Closes an account.
            echo           read        Answers with what it is given.
            fail           read        Fails in the way that is asked for.
            hard           read        Has params whose names are hard.
            named          read        Has params named like flags of ours.
            open           read        Opens boxes.
            send_mail      idempotent  Sends a mail.
        "#]],
    );
}

#[test]
fn words_find_the_best_first() {
    check(
        "list mail adds",
        &expect![[r#"
        Ok
        send_mail  idempotent  Sends a mail.
        add        read        Adds two numbers.
    "#]],
    );
}

#[test]
fn category_and_tags_narrow() {
    check(
        "list --category math --tag pure --tag numbers",
        &expect![[r#"
        Ok
        add  read  Adds two numbers.
    "#]],
    );
    check(
        "list --category math --tag demo",
        &expect![[r#"
        Ok
        --- stderr
        no action fits; `shop list` shows all
    "#]],
    );
}

#[test]
fn json_tells_programs_the_same() {
    check(
        "list --tag demo --output json",
        &expect![[r#"
        Ok
        [
          {
            "name": "send_mail",
            "title": "Send mail",
            "description": "Sends a mail.\n\nIt goes out once for each call.",
            "category": "mail",
            "tags": [
              "demo"
            ],
            "version": "1.2.0",
            "effect": "idempotent"
          }
        ]
    "#]],
    );
    let (_, out, _) = run(
        app(),
        &["--output=json", "list", "nothing-fits-this"],
        |io| io,
    );
    assert_eq!(
        serde_json::from_str::<Value>(&out).unwrap(),
        serde_json::json!([])
    );
}
