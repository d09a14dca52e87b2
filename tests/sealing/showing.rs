//! What of a sealed run is shown: all but what its types mark, unless it is asked for.

use enact::cli::Exit;
use enact::prelude::*;
use enact::workflow::engine::{Client, Engine};
use enact::workflow::timeline::Timeline;

use crate::keys;
use crate::verbs::{app, verb};
use crate::world::{cx, folder, settings};

/// What nobody is to see: one text for each place where it comes to lie.
const SECRETS: [&str; 6] = [
    "of-params",
    "of-a-step",
    "of-an-item",
    "of-a-part",
    "of-a-signal",
    "of-the-answer",
];

/// A key, and whom it is for.
#[derive(Debug, Clone, Params)]
pub(crate) struct Key {
    /// Whom it is for.
    pub(crate) owner: String,
    /// The key itself.
    #[param(secret)]
    pub(crate) key: String,
    /// Where its owner is told of it.
    #[param(class = "pii")]
    pub(crate) mail: String,
}

/// Makes a key.
#[derive(Debug, Action)]
#[action(effect = idempotent)]
struct Forge {
    /// What it is.
    of: String,
}

impl Run for Forge {
    type Output = Key;

    async fn run(&self, _cx: &Context) -> Result<Key, Failure> {
        Ok(key(&self.of))
    }
}

fn key(key: &str) -> Key {
    Key {
        owner: "ada".to_owned(),
        key: key.to_owned(),
        mail: "ada@example.org".to_owned(),
    }
}

/// A key was handed over.
#[signal(type = "key.given")]
pub(crate) struct Given {
    /// By whom.
    pub(crate) by: String,
    /// The key.
    #[param(secret)]
    pub(crate) key: String,
}

workflow! {
    /// A part of another.
    Part {} -> String {
        step inner = Forge { of: "of-a-part".to_owned() };
        inner.owner
    }
}

workflow! {
    /// Has a secret in every place there is.
    Keys {
        /// The first.
        #[param(secret)]
        first: String,
        /// For how many.
        count: u32
    } -> Key {
        step own = Forge { of: "of-a-step".to_owned() };
        parallel owners = for _n in 0..count, max = 2 {
            step item = Forge { of: "of-an-item".to_owned() };
            item.owner
        };
        step part = Part {};
        wait given = Given where subject == own.owner;
        Key { owner: format!("{first} {} {part} {}", owners.len(), given.by), key: "of-the-answer".to_owned(), mail: own.mail.clone() }
    }
}

/// Keys by their owners, which describe themselves in a way that is not read here.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Ring(std::collections::BTreeMap<String, String>);

impl schemars::JsonSchema for Ring {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Ring".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "patternProperties": { ".*": { "type": "string", "writeOnly": true } },
        })
    }
}

/// Shows a ring of keys.
#[derive(Debug, Action)]
#[action(effect = read)]
struct ShowRing;

impl Run for ShowRing {
    type Output = Ring;

    async fn run(&self, _cx: &Context) -> Result<Ring, Failure> {
        Ok(Ring([("ada".to_owned(), "xyzzy".to_owned())].into()))
    }
}

#[test]
fn what_describes_itself_in_a_way_that_is_not_read_is_not_shown_at_all() {
    let mut ring = serde_json::json!({ "ada": "xyzzy" });
    let entry = Registry::global().get("show_ring").unwrap();
    entry.redact_output(&mut ring);
    assert_eq!(ring, "[unknown]");
}

async fn run(name: &str) -> (std::path::PathBuf, Timeline) {
    let folder = folder(name);
    let path = folder.join("runs.db");
    let engine = Engine::open_with(&path, settings().keys(keys()), &cx()).unwrap();
    let run = engine.start("a", Keys::new("of-params", 2)).await.unwrap();
    let given = Given {
        by: "bob".to_owned(),
        key: "of-a-signal".to_owned(),
    };
    engine
        .signal("a", &given, Some("ada".to_owned()))
        .await
        .unwrap();
    run.answer().await.unwrap();
    engine.close().await;
    let client = Client::open_with(&path, &keys()).unwrap();
    (folder, client.timeline("a").await.unwrap())
}

#[tokio::test]
async fn what_is_marked_is_not_shown_and_all_else_is() {
    let (_folder, timeline) = run("showing").await;
    let all = serde_json::to_string(&timeline).unwrap();
    for secret in SECRETS {
        assert!(all.contains(secret), "{secret} is nowhere: {all}");
    }
    let shown = timeline.redacted(Registry::global());
    let text = serde_json::to_string(&shown).unwrap();
    // The answer's owner has the param in it, which nothing marks.
    for secret in &SECRETS[1..] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(!text.contains("ada@example.org"), "{text}");
    assert!(!text.contains("[unknown]"), "{text}");
    assert_eq!(shown.input["first"], "[secret]");
    let step = |path: &str| {
        let span = shown.spans.iter().find(|span| span.path == path);
        let detail = span.and_then(|span| span.detail.clone());
        detail.unwrap_or_else(|| panic!("nothing of {path}: {text}"))
    };
    let key = serde_json::json!({ "owner": "ada", "key": "[secret]", "mail": "[pii]" });
    for path in ["own", "owners[1]/item", "part/inner"] {
        assert_eq!(step(path), key, "{path}");
    }
}

#[tokio::test]
async fn what_a_program_does_not_know_is_not_shown_at_all() {
    let (_folder, mut timeline) = run("showing-unknown").await;
    timeline.version += 1;
    let shown = timeline.redacted(Registry::global());
    assert_eq!(shown.input, "[unknown]");
    let text = serde_json::to_string(&shown).unwrap();
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[test]
fn verbs_show_secrets_when_they_are_asked_to() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let (folder, _) = runtime.unwrap().block_on(run("showing-verbs"));
    for verb_of in ["show a", "timeline a --html -"] {
        let (exit, text) = verb(app(&folder).keys(|| Ok(keys())), verb_of);
        assert_eq!(exit, Exit::Ok, "{text}");
        assert!(
            text.contains("[secret]") && !text.contains("of-a-step"),
            "{text}"
        );
        let reveal = format!("{verb_of} --reveal");
        let (_, text) = verb(app(&folder).keys(|| Ok(keys())), &reveal);
        assert!(
            text.contains("of-a-step") && !text.contains("[secret]"),
            "{text}"
        );
    }
}
