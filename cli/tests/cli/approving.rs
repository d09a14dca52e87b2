//! `run` of an action that needs approval, and of any that is to be tried dry.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use enact::prelude::*;
use enact_cli::{Exit, Io};
use expect_test::expect;
use tokio::sync::Notify;

use crate::{app, check, check_with, run};

/// How often something was closed.
#[derive(Clone, Default)]
struct Closed(Arc<AtomicU32>);

/// Closes an account.
#[derive(Action)]
#[action(confirm = "Close this account for good?", dry_run)]
struct CloseAccount {
    /// Which one.
    account: String,
    /// What its owner has said.
    #[param(secret)]
    pin: Option<String>,
}

impl Run for CloseAccount {
    type Output = String;
    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        if let Ok(Closed(count)) = cx.resource() {
            count.fetch_add(1, Ordering::SeqCst);
        }
        Ok(format!("closed {}", self.account))
    }
}

impl DryRun for CloseAccount {
    type Told = String;
    async fn dry_run(&self, cx: &Context) -> Result<String, Failure> {
        if self.account == "nested" {
            // A dry run that would write after all.
            let close = Self {
                account: "acc-2".to_owned(),
                pin: None,
            };
            return close.exec(cx).await;
        }
        Ok(format!("{} has 3 orders", self.account))
    }
}

/// Has params named like flags of ours.
#[derive(Action)]
#[action(effect = read)]
struct Named {
    /// Named like one.
    dry_run: String,
    /// Named like another.
    yes: String,
}

impl Run for Named {
    type Output = String;
    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok(format!("{} {}", self.dry_run, self.yes))
    }
}

/// Runs it; the exit, and how often something was closed.
fn closing(args: &[&str], io: impl FnOnce(Io) -> Io) -> (Exit, u32, String) {
    let closed = Closed::default();
    let resource = closed.clone();
    let app = app().context(move || {
        Context::builder()
            .resource(crate::World::default())
            .resource(resource)
    });
    let (exit, _, err) = run(app, args, io);
    (exit, closed.0.load(Ordering::SeqCst), err)
}

#[test]
fn where_nobody_sits_it_is_refused_with_what_to_write() {
    check(
        "run close_account --account acc-1",
        &expect![[r#"
        Unapproved
        --- stderr
        error: close_account needs approval, and nobody is there to be asked: see with --dry-run what it would do, and approve with --yes [confirm.needed]
    "#]],
    );
    let (exit, closed, _) = closing(&["run", "close_account", "--account", "a"], |io| {
        io.input(&b"y\n"[..])
    });
    assert_eq!((exit, exit.code(), closed), (Exit::Unapproved, 77, 0));
}

#[test]
fn yes_approves_and_is_taken_by_every_action() {
    check(
        "run close_account --account acc-1 --yes",
        &expect![[r#"
        Ok
        closed acc-1
    "#]],
    );
    check(
        "run add --a 1 --yes",
        &expect![[r#"
        Ok
        2
    "#]],
    );
}

#[test]
fn somebody_at_a_terminal_is_asked() {
    let line = "run close_account --account acc-1 --pin 8642";
    check_with(
        line,
        |io| io.terminal().input(&b"y\n"[..]),
        &expect![[r#"
            Ok
            closed acc-1
            --- stderr
            close_account would run with {"account":"acc-1","pin":"[secret]"}
            It changes something each time, and can't be undone.
            Dry run: acc-1 has 3 orders
            Close this account for good? [y/N]
        "#]],
    );
    check_with(
        line,
        |io| io.terminal().input(&b"no\n"[..]),
        &expect![[r#"
            Unapproved
            --- stderr
            close_account would run with {"account":"acc-1","pin":"[secret]"}
            It changes something each time, and can't be undone.
            Dry run: acc-1 has 3 orders
            Close this account for good? [y/N]
            error: not approved, so nothing was done [confirm.declined]
        "#]],
    );
}

#[test]
fn only_a_yes_runs_it() {
    let args = ["run", "close_account", "--account", "acc-1"];
    for (input, expected) in [
        (&b"y\n"[..], (Exit::Ok, 1)),
        (b"YES\r\n", (Exit::Ok, 1)),
        (b" yes", (Exit::Ok, 1)),
        (b"", (Exit::Unapproved, 0)),
        (b"\n", (Exit::Unapproved, 0)),
        (b"\ny\n", (Exit::Unapproved, 0)),
        (b"yess\n", (Exit::Unapproved, 0)),
        (b"y\0\n", (Exit::Unapproved, 0)),
        (b"\xff\xfe\n", (Exit::Unapproved, 0)),
    ] {
        let (exit, closed, err) = closing(&args, |io| io.terminal().input(input));
        assert_eq!((exit, closed), expected, "{err}");
    }
}

#[test]
fn dry_run_shows_what_it_would_do() {
    check(
        "run close_account --account acc-1 --pin 8642 --dry-run",
        &expect![[r#"
            Ok
            close_account would run with {"account":"acc-1","pin":"[secret]"}
            It changes something each time, and can't be undone.
            Dry run: acc-1 has 3 orders
        "#]],
    );
    check(
        "run close_account --account acc-1 --dry-run --output json",
        &expect![[r#"
            Ok
            {
              "action": "close_account",
              "question": "Close this account for good?",
              "effect": "write",
              "undo": false,
              "params": {
                "account": "acc-1",
                "pin": null
              },
              "told": "acc-1 has 3 orders"
            }
        "#]],
    );
    check(
        "run add --a 1 --dry-run",
        &expect![[r#"
        Ok
        add would run with {"a":1,"b":1}
        It changes nothing.
    "#]],
    );
    let args = [
        "run",
        "close_account",
        "--account",
        "acc-1",
        "--dry-run",
        "--yes",
    ];
    let (exit, closed, _) = closing(&args, |io| io.terminal().input(&b"y\n"[..]));
    assert_eq!((exit, closed), (Exit::Ok, 0));
}

#[test]
fn what_writes_does_not_run_inside_a_dry_run() {
    let args = ["run", "close_account", "--account", "nested", "--dry-run"];
    let (exit, closed, err) = closing(&args, |io| io);
    assert_eq!((exit, closed), (Exit::Failed, 0));
    assert!(err.contains("[dry_run.writes]"), "{err}");
}

#[test]
fn an_interrupt_while_it_asks_runs_nothing() {
    /// Nobody presses a key before the end.
    struct Silent(std::sync::mpsc::Receiver<()>, Arc<Notify>);
    impl std::io::Read for Silent {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            self.1.notify_one();
            let _ended = self.0.recv();
            Ok(0)
        }
    }
    let (hold, held) = std::sync::mpsc::channel();
    let asks = Arc::new(Notify::new());
    let silent = Silent(held, Arc::clone(&asks));
    let args = ["run", "close_account", "--account", "acc-1"];
    let (exit, closed, _) = closing(&args, |io| {
        let pressed = async move { asks.notified().await };
        io.terminal().input(silent).interrupt_when(pressed)
    });
    drop(hold);
    assert_eq!((exit, closed), (Exit::Cancelled, 0));
}

#[test]
fn describe_and_help_tell_that_it_asks() {
    let (_, out, _) = run(app(), &["describe", "close_account"], |io| io);
    assert!(
        out.contains("Confirm  Close this account for good?"),
        "{out}"
    );
    let (_, out, _) = run(app(), &["run", "close_account", "--help"], |io| io);
    assert!(out.contains("--yes") && out.contains("--dry-run"), "{out}");
    let (_, out, _) = run(app(), &["run", "add", "--help"], |io| io);
    assert!(!out.contains("--yes") && out.contains("--dry-run"), "{out}");
}

#[test]
fn params_named_like_the_flags_have_other_flags() {
    check(
        "run named --param-dry-run a --param-yes b",
        &expect![[r#"
            Ok
            a b
        "#]],
    );
}
