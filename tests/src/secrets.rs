//! Params that must not be shown, in every place where one can stand.

use std::collections::BTreeMap;

use enact::prelude::*;

shapes! { Secrets }

/// Who is asking.
#[derive(Debug, Clone, Params)]
pub(crate) struct Login {
    /// The name.
    #[param(len = 1..=10, class = name)]
    user: String,
    /// The password.
    #[serde(alias = "pass")]
    #[param(secret, len = 4..)]
    word: String,
}

/// How to prove it.
#[derive(Debug, Clone, Params)]
pub(crate) enum Proof {
    /// By a token.
    Token(#[param(secret, pattern = "^t-[a-z0-9]+$")] String),
    /// By a login.
    Login(Login),
}

/// How to sign.
#[derive(Debug, Clone, Params)]
#[serde(untagged)]
pub(crate) enum Key {
    /// A short one.
    Pin {
        /// The number.
        key: u32,
    },
    /// A long one.
    Phrase {
        /// The phrase.
        #[param(secret, len = 8..)]
        key: String,
    },
}

/// Secrets wherever they can stand.
#[derive(Action)]
#[action(name = "secrets")]
struct Secrets {
    /// At the top.
    #[param(secret, one_of("swordfish", "xyzzy"))]
    top: Option<String>,
    /// In a struct.
    login: Login,
    /// In an enum.
    proof: Option<Proof>,
    /// In an enum without names.
    key: Option<Key>,
    /// All of a map.
    #[param(secret, keys(pattern = "^[a-z]+$"))]
    map: Option<BTreeMap<String, String>>,
    /// In the values of a map.
    logins: Option<BTreeMap<String, Login>>,
    /// A list.
    #[param(secret, unique, items(len = 4..))]
    list: Option<Vec<String>>,
    /// A number.
    #[param(secret, min = 1_000)]
    pin: Option<u32>,
    /// Personal, not secret.
    #[param(class = "email", format = "email")]
    mail: Option<String>,
}
