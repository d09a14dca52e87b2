//! Calls that somebody has to approve of.

mod asking;
mod policy;
mod rounds;
mod tokens;

use std::sync::atomic::Ordering;

use enact_action_core::prelude::*;
use enact_mcp::{CONFIRM, IDEMPOTENCY_KEY};
use enact_workflow::workflow;
use serde_json::{Value, json};

use crate::world::{Add, Client, Ledger, text};

/// Closes an account.
#[derive(Action)]
#[action(crate = enact_action_core, confirm = "Close this account for good?", dry_run, needs(Ledger), writes("accounts"))]
pub(crate) struct CloseAccount {
    /// Which one.
    #[param(len = 1..=2000)]
    account: String,
    /// What its owner has said.
    #[param(secret, default = "0000".to_owned())]
    pin: String,
}

impl Run for CloseAccount {
    type Output = String;
    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        let ledger: &Ledger = cx.resource()?;
        let count = ledger.refunds.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(format!("closed {} as number {count}", self.account))
    }
}

impl DryRun for CloseAccount {
    type Told = String;
    async fn dry_run(&self, _cx: &Context) -> Result<String, Failure> {
        match &*self.account {
            "gone" => Err(Failure::terminal(
                "account.gone",
                "there is no such account",
            )),
            #[expect(clippy::panic, reason = "it is what it is for")]
            "broken" => panic!("the password is hunter2"),
            account => Ok(format!("{account} has 3 orders that would be cancelled")),
        }
    }
}

workflow! {
    /// Closes an account whose number is a sum.
    #[workflow(version = 1)]
    pub(crate) CloseSum { a: i32, b: i32 } -> String {
        step sum = Add { a, b };
        step closed = CloseAccount { account: format!("acc-{sum}"), pin: "1".to_owned() };
        closed
    }
}

fn closed(ledger: &Ledger) -> u32 {
    ledger.refunds.load(Ordering::SeqCst)
}

fn account() -> Value {
    json!({"account": "acc-1", "pin": "8642"})
}

/// A call, with what its `_meta` is to hold.
fn call(arguments: &Value, token: Option<&str>, key: Option<&str>) -> Value {
    let mut meta = json!({});
    for (name, value) in [(CONFIRM, token), (IDEMPOTENCY_KEY, key)] {
        if let Some(value) = value {
            meta[name] = value.into();
        }
    }
    json!({"name": "close_account", "arguments": arguments, "_meta": meta})
}

impl Client {
    async fn close(&mut self, arguments: &Value, token: Option<&str>, key: Option<&str>) -> Value {
        let call = call(arguments, token, key);
        self.ask("tools/call", call).await["result"].take()
    }

    /// Calls without approval; the token that comes back.
    async fn token(&mut self, arguments: &Value, key: Option<&str>) -> String {
        let answer = self.close(arguments, None, key).await;
        token(&answer).to_owned()
    }
}

fn token(answer: &Value) -> &str {
    answer["_meta"][CONFIRM].as_str().expect("a token")
}

/// That a call was not run, under that code.
#[track_caller]
fn check_refused(answer: &Value, code: &str) {
    assert_eq!(answer["isError"], true, "{answer}");
    assert!(text(answer).contains(&format!("[{code}]")), "{answer}");
}
