//! A program's own policy, which decides before anybody is asked.

use enact_action_core::approval::{Decision, Gate};
use serde_json::json;

use super::{account, check_refused, closed};
use crate::world::{Client, Ledger, builder, text};

#[expect(clippy::panic, reason = "a policy that is broken")]
fn gate() -> Gate {
    Gate::new(
        async |proposal| match proposal.params()["account"].as_str() {
            Some("mine") => Decision::Allow,
            Some("hers") => Decision::deny("it is not yours"),
            Some("broken") => panic!("the password is hunter2"),
            _ => Decision::Ask,
        },
    )
}

#[tokio::test]
async fn the_policy_allows_denies_or_has_somebody_asked() {
    let ledger = Ledger::default();
    let server = builder(&ledger).approve(gate()).build().unwrap();
    let mut client = Client::of(&server).await;
    let mine = client.close(&json!({"account": "mine"}), None, None).await;
    assert_eq!(text(&mine), "closed mine as number 1");
    let hers = client.close(&json!({"account": "hers"}), None, None).await;
    check_refused(&hers, "confirm.denied");
    assert!(text(&hers).contains("it is not yours"), "{hers}");
    let broken = client
        .close(&json!({"account": "broken"}), None, None)
        .await;
    check_refused(&broken, "confirm.denied");
    assert!(!broken.to_string().contains("hunter2"), "{broken}");
    check_refused(
        &client.close(&account(), None, None).await,
        "confirm.needed",
    );
    assert_eq!(closed(&ledger), 1);
}

#[tokio::test]
async fn a_policy_that_changes_its_mind_stands_above_a_token() {
    let ledger = Ledger::default();
    let (tell, told) = tokio::sync::watch::channel(Decision::Ask);
    let gate = Gate::new(move |_| {
        let decision = told.borrow().clone();
        async { decision }
    });
    let server = builder(&ledger).approve(gate).build().unwrap();
    let mut client = Client::of(&server).await;
    let token = client.token(&account(), None).await;
    tell.send_replace(Decision::deny("there is an audit"));
    let answer = client.close(&account(), Some(&token), None).await;
    check_refused(&answer, "confirm.denied");
    assert_eq!(closed(&ledger), 0);
}
