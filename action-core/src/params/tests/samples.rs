//! Defaults and examples of what is secret.

use super::defects;
use crate::Params;

fn token_from_env() -> String {
    "hunter2-hunter2".to_owned()
}

/// Who it is.
#[derive(Debug, Clone, Params)]
#[params(crate = crate)]
struct Account {
    /// The name.
    user: String,
    /// The password.
    #[param(secret)]
    word: String,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            user: "ada".to_owned(),
            word: token_from_env(),
        }
    }
}

/// Defaults that are secret, or hold what is.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Call {
    /// A key.
    #[param(secret, default = token_from_env())]
    key: String,
    /// An account.
    #[param(default = Account::default())]
    account: Account,
    /// Accounts.
    #[param(default = vec![Account::default()])]
    accounts: Vec<Account>,
    /// How often.
    #[param(default = 3)]
    times: u8,
}

#[test]
fn the_default_of_a_secret_is_not_published() {
    assert_eq!(defects::<Call>(), "");
    let schema = Call::reader().schema();
    assert!(!schema.to_string().contains("hunter2"), "{schema}");
    assert_eq!(schema["properties"]["times"]["default"], 3, "{schema}");
    let call = Call::read(serde_json::json!({})).unwrap();
    assert_eq!((call.key.as_str(), call.times), ("hunter2-hunter2", 3));
}

#[test]
fn neither_is_it_in_the_schema_of_what_is_written() {
    use crate::params::schema::{Side, canonical};

    let schema = canonical(<Call as schemars::JsonSchema>::json_schema, Side::Writing);
    assert!(!schema.to_string().contains("hunter2"), "{schema}");
}

fn two() -> Vec<Account> {
    vec![Account::default(), Account::default()]
}

/// Defaults that break rules.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Broken {
    /// A key.
    #[param(secret, len = ..=4, default = token_from_env())]
    key: String,
    /// Accounts.
    #[param(len = ..=1, default = two())]
    accounts: Vec<Account>,
}

#[test]
fn a_defect_tells_no_secret() {
    let text = defects::<Broken>();
    for place in ["/properties/key: ", "/properties/accounts: "] {
        assert!(
            text.contains(&format!("{place}the default [secret] breaks its own rule")),
            "{text}"
        );
    }
    assert!(!text.contains("hunter2"), "{text}");
}

/// Defaults in which nothing is.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Empty {
    /// An account.
    #[param(default = None)]
    account: Option<Account>,
    /// Accounts.
    #[param(default = Vec::new())]
    accounts: Vec<Account>,
    /// Accounts by their names.
    #[param(default = std::collections::BTreeMap::new())]
    named: std::collections::BTreeMap<String, Account>,
    /// A key.
    #[param(secret, default = None)]
    key: Option<String>,
}

#[test]
fn an_empty_default_beside_a_secret_is_published() {
    use serde_json::json;

    let schema = Empty::reader().schema();
    let default = |name: &str| schema["properties"][name].get("default").cloned();
    assert_eq!(default("account"), Some(json!(null)), "{schema}");
    assert_eq!(default("accounts"), Some(json!([])), "{schema}");
    assert_eq!(default("named"), Some(json!({})), "{schema}");
    assert_eq!(default("key"), None, "{schema}");
}
