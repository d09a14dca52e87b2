//! Spans, events and metrics of executions, and what they must not show.

use enact::prelude::*;
use enact::testing::{Stage, assert_failure, assert_ok};
use serde_json::json;

use crate::world::{Do, Scripted, World};

/// Logs in.
#[derive(Debug, Action)]
#[action(effect = read)]
struct LogIn {
    /// Who.
    user: String,
    /// The secret.
    #[param(secret)]
    password: String,
    /// Where letters go.
    #[param(class = "email")]
    mail: Option<String>,
}

impl Run for LogIn {
    type Output = ();

    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

const LOG_IN: [(&str, &str); 2] = [("action", "log_in"), ("outcome", "ok")];

#[test]
fn secrets_and_classes_do_not_reach_the_log() {
    let stage = Stage::new();
    stage.run(async |cx| {
        let params = json!({ "user": "ada", "password": "hunter2", "mail": "ada@example.com" });
        Registry::global()
            .call("log_in", params, &cx)
            .await
            .map(drop)
            .unwrap();
        assert_ok(LogIn::new("ada", "hunter2").exec(&cx).await);
    });
    let told = format!("{:?}", stage.told());
    assert!(
        !told.contains("hunter2") && !told.contains("example.com"),
        "{told}"
    );
    assert!(
        told.contains("[secret]") && told.contains("[email]"),
        "{told}"
    );
}

#[test]
fn each_execution_is_a_span_with_its_outcome() {
    let stage = Stage::new();
    let world = World::doing([Do::Answer, Do::Give("closed")]);
    let cx = Context::builder().resource(world).tenant("acme");
    stage.run_with(cx, async |cx| {
        assert_ok(Scripted::new().exec(&cx).await);
        assert_failure(Scripted::new().exec(&cx).await, Kind::Failed);
    });
    let names: Vec<_> = stage.told().into_iter().map(|told| told.name).collect();
    assert_eq!(
        names,
        ["action", "start", "stop", "action", "start", "exception"]
    );
    let span = &stage.told()[3];
    assert_eq!(span.fields["name"], "scripted");
    assert_eq!(span.fields["tenant"], "acme");
    assert_eq!(span.fields["outcome"], "failed");
    assert_eq!(stage.told()[5].fields["code"], "closed");
}

#[test]
fn executions_are_counted_and_timed() {
    let stage = Stage::new();
    stage.run(async |cx| assert_ok(LogIn::new("ada", "x").exec(&cx).await));
    assert_eq!(stage.counter("enact_actions_total", &LOG_IN), 1);
    stage.run(async |cx| assert_ok(LogIn::new("ada", "x").exec(&cx).await));
    assert_eq!(stage.recorded("enact_action_seconds", &LOG_IN), 1);
    assert!(stage.gauge("enact_actions_running", &LOG_IN[..1]).abs() < f64::EPSILON);
}

#[test]
fn a_run_that_is_dropped_does_not_count_as_running() {
    let stage = Stage::new();
    let cx = Context::builder().resource(World::doing([Do::Hang]));
    stage.run_with(cx, async |cx| {
        let run = IntoFuture::into_future(Scripted::new().exec(&cx));
        let waited = tokio::time::timeout(std::time::Duration::from_secs(1), run).await;
        assert!(waited.is_err());
    });
    assert!(
        stage
            .gauge("enact_actions_running", &[("action", "scripted")])
            .abs()
            < f64::EPSILON
    );
}
