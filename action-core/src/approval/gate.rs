//! A program's own policy: what is allowed without asking, what is not allowed at all.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use super::Proposal;
use crate::action::BoxFuture;
use crate::exec::guard;

/// What a policy says of a call that needs approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It may run, and nobody is asked.
    Allow,
    /// It may not run, for this reason, which the model is told.
    Deny(String),
    /// Somebody is to be asked.
    Ask,
}

impl Decision {
    /// It may not run, for that reason.
    pub fn deny(reason: impl Into<String>) -> Self {
        Self::Deny(reason.into())
    }
}

type Hook = dyn Fn(Proposal) -> BoxFuture<'static, Decision> + Send + Sync;

/// A program's own policy, asked of each call that needs approval, before anybody else is. By
/// default it leaves each to whoever is asked.
///
/// ```
/// # extern crate enact_action_core as enact;
/// # use enact::prelude::*;
/// # use serde_json::json;
/// use enact::approval::{Decision, Gate};
///
/// /// Pays money back.
/// #[derive(Action)]
/// #[action(confirm = "Pay this back?")]
/// struct Refund {
///     /// How much.
///     cents: u32,
/// }
/// # impl Run for Refund {
/// #     type Output = ();
/// #     async fn run(&self, _cx: &Context) -> Result<(), Failure> { Ok(()) }
/// # }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failure> {
/// let gate = Gate::new(async |proposal| match proposal.params()["cents"].as_u64() {
///     Some(0..500) => Decision::Allow,
///     Some(100_000..) => Decision::deny("refunds of that size are made by hand"),
///     _ => Decision::Ask,
/// });
/// let refund = Registry::global().get("refund").expect("it is linked in");
/// for (cents, decision) in [(499, Decision::Allow), (500, Decision::Ask)] {
///     let proposal = refund.propose(json!({ "cents": cents }), &Context::new())?;
///     assert_eq!(gate.decide(&proposal).await, decision);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Gate(Option<Arc<Hook>>);

impl Gate {
    /// The policy that this function is. A panic in it denies.
    pub fn new<F>(policy: impl Fn(Proposal) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Decision> + Send + 'static,
    {
        Self(Some(Arc::new(move |proposal| Box::pin(policy(proposal)))))
    }

    /// What the policy says of a call.
    pub async fn decide(&self, proposal: &Proposal) -> Decision {
        let Some(policy) = &self.0 else {
            return Decision::Ask;
        };
        let decide = pin!(async { Ok(policy(proposal.clone()).await) });
        let decided = guard::catch(decide).await;
        decided.unwrap_or_else(|_| Decision::deny("the policy that decides broke off"))
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}
