//! What an application adds: verbs, a default verb, a view, a context.

use enact::Failure;
use enact_cli::clap::{Arg, Command};
use enact_cli::{App, Exit, Output};
use expect_test::expect;

use crate::{app, run};

fn shouting() -> App {
    let shout = Command::new("shout")
        .about("Shout")
        .arg(Arg::new("word").required(true));
    app()
        .version("1.2.3")
        .command(shout, |matches, ui| async move {
            let word = matches.get_one::<String>("word").map_or("", String::as_str);
            if word == "help" {
                return Err(Failure::retryable("shout.unheard", "nobody heard"));
            }
            let cx = ui.context().await?;
            let sum = ui
                .registry()
                .call("add", serde_json::json!({ "a": 1 }), &cx)
                .await?;
            ui.note(format_args!("shouting in {:?}", ui.output()));
            ui.show(
                &[word.into(), sum],
                format_args!("{}!", word.to_uppercase()),
            )
        })
}

#[test]
fn an_own_verb_answers_like_the_others() {
    let (exit, out, err) = run(shouting(), &["shout", "hi"], |io| io);
    assert_eq!(
        (exit, &*out, &*err),
        (Exit::Ok, "HI!\n", "shouting in Text\n")
    );
    let (exit, out, err) = run(shouting(), &["shout", "hi", "--output", "json"], |io| io);
    assert_eq!(exit, Exit::Ok);
    assert_eq!(
        (&*out, &*err),
        ("[\n  \"hi\",\n  2\n]\n", "shouting in Json\n")
    );
}

#[test]
fn an_own_verb_fails_like_the_others() {
    let (exit, out, err) = run(shouting(), &["shout", "help"], |io| io);
    assert_eq!((exit, &*out), (Exit::Failed, ""));
    expect![[r#"
        error: nobody heard [shout.unheard]
    "#]]
    .assert_eq(&err);
    assert_eq!(run(shouting(), &["shout"], |io| io).0, Exit::Usage);
}

#[test]
fn a_panic_of_an_own_verb_is_an_exit() {
    let app = app().otherwise(|_| async { panic!("the verb is wrong") });
    assert_eq!(run(app, &[], |io| io).0, Exit::Panicked);
}

#[test]
fn own_verbs_are_in_the_help_and_replace_ours() {
    let (_, help, _) = run(shouting(), &["--help"], |io| io);
    assert!(help.contains("\n  shout        Shout\n"), "{help}");
    assert_eq!(run(shouting(), &["--version"], |io| io).1, "shop 1.2.3\n");
    let list = |_, ui: enact_cli::Ui| async move { ui.show(&0, "mine") };
    let (_, out, _) = run(app().command(Command::new("list"), list), &["list"], |io| {
        io
    });
    assert_eq!(out, "mine\n");
}

#[test]
fn the_default_verb_runs_when_none_is_given() {
    let app = || {
        app().otherwise(|ui| async move {
            assert_eq!(ui.output(), Output::Json);
            ui.show(&"default", "")
        })
    };
    let (exit, out, _) = run(app(), &["--output", "json"], |io| io);
    assert_eq!((exit, &*out), (Exit::Ok, "\"default\"\n"));
    assert_eq!(run(app(), &["nope"], |io| io).0, Exit::Usage);
}

#[test]
fn a_view_hides_actions_from_every_verb() {
    let app = || app().registry(|all| all.allow(["add"]));
    assert_eq!(
        run(app(), &["list"], |io| io).1,
        "add  read  Adds two numbers.\n"
    );
    assert_eq!(
        run(app(), &["run", "echo", "--what", "1"], |io| io).0,
        Exit::Unknown
    );
    let (_, script, _) = run(app(), &["completions", "bash"], |io| io);
    assert!(!script.contains("send_mail"));
}

#[test]
fn a_missing_resource_stops_the_run_and_nothing_else() {
    let app = || App::new("shop");
    let (exit, _, err) = run(app(), &["run", "add", "--a", "1"], |io| io);
    assert_eq!(exit, Exit::Misconfigured);
    expect![[r#"
        error: the program's actions are defective [registry.defective]
          - "book" at cli/tests/cli/actions.rs:184 needs a `cli::actions::World`, which nobody provides; add `.resource(…)` where the context is built
          - "send_mail" at cli/tests/cli/actions.rs:58 needs a `cli::actions::World`, which nobody provides; add `.resource(…)` where the context is built
    "#]].assert_eq(&err);
    assert_eq!(run(app(), &["list"], |io| io).0, Exit::Ok);
}

#[test]
fn a_context_that_fails_stops_the_run() {
    let app = || {
        App::new("shop").connect(async || {
            let refused = Failure::misconfigured("pool.closed", "no database");
            Err::<enact::context::ContextBuilder, _>(refused)
        })
    };
    let (exit, _, err) = run(app(), &["run", "add", "--a", "1"], |io| io);
    assert_eq!(
        (exit, &*err),
        (Exit::Misconfigured, "error: no database [pool.closed]\n")
    );
    assert_eq!(
        run(app(), &["run", "add", "--a", "x"], |io| io).0,
        Exit::Invalid
    );
}

#[test]
fn a_runtime_within_a_runtime_is_told_before_tokio_panics() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let _entered = runtime.enter();
    let (exit, _, err) = run(app(), &["run", "add", "--a", "1"], |io| io);
    assert_eq!(exit, Exit::Misconfigured);
    expect![[r#"
        error: the command line starts its own runtime, and there is one already; call it from a plain `fn main`, without `#[tokio::main]` [runtime.nested]
    "#]].assert_eq(&err);
}
