//! Two versions of a workflow in one program: the newest is the action, the older one is kept.

use enact::prelude::*;
use enact::registry::Entry;
use enact::tool::Dialect;
use enact::workflow::graph::{Change, NodeKind};
use enact::workflow::registry::{version, versions, workflows};
use enact::workflow::testing::Lock;
use enact::workflow::{Graph, Plan};
use serde_json::json;

use crate::shop::{Make, Say, Shop};

/// Packs as runs that are under way do.
mod v1 {
    use super::*;

    workflow! {
        /// Packs a box, as before.
        pub(super) PackBox { item: String } -> String {
            step said = Say { word: item };
            said
        }
    }

    workflow! {
        /// Packs again and again.
        pub(super) PackAgain { item: String, more: bool } -> String {
            branch packed = if more {
                step again = PackAgain { item, more: false };
                again
            } else {
                step packed = PackBox { item };
                packed
            };
            packed
        }
    }
}

workflow! {
    /// Packs a box, and seals it.
    #[workflow(version = 2)]
    PackBox { item: String, seal: String } -> String {
        step said = Say { word: item };
        step sealed = Make::new(seal);
        format!("{said} {}", sealed.id)
    }
}

workflow! {
    /// Packs again and again.
    #[workflow(version = 2)]
    PackAgain { item: String, more: bool } -> u32 {
        branch packed = if more {
            step again = PackAgain { item, more: false };
            again
        } else {
            step packed = PackBox { item, seal: "s".to_owned() };
            let _ = packed;
            1_u32
        };
        packed
    }
}

#[tokio::test]
async fn each_version_runs_as_it_is_written() {
    let shop = Shop::default();
    let old = Registry::global().version("pack_box", 1).unwrap();
    let answer = old.call(json!({ "item": "a" }), &shop.cx()).await;
    assert_eq!(answer.unwrap(), json!("A"));
    let params = json!({ "item": "b", "seal": "s" });
    let cx = shop.cx();
    let answer = Registry::global().call("pack_box", params.clone(), &cx);
    assert_eq!(answer.await.unwrap(), json!("B s-1"));
    let refused = old.call(params, &shop.cx()).await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Invalid);
    assert_eq!(shop.log(), ["a", "b", "s"]);
}

#[test]
fn lists_and_searches_have_the_newest_alone() {
    let registry = Registry::global();
    let named = |name: &str| -> Vec<_> {
        let named = registry.iter().filter(|entry| entry.name() == name);
        named.map(Entry::version).collect()
    };
    assert_eq!(named("pack_box"), [Some(2)]);
    assert_eq!(named("say"), [None]);
    let found = registry.search("pack_box");
    let found = found.iter().filter(|entry| entry.name() == "pack_box");
    assert_eq!(
        found.map(|entry| entry.version()).collect::<Vec<_>>(),
        [Some(2)]
    );
    assert_eq!(registry.get("pack_box").unwrap().spec().version, Some("2"));
}

#[test]
fn graphs_of_every_version_are_there_for_who_asks() {
    let name = "pack_box";
    let all: Vec<u32> = versions()
        .filter(|graph| graph.name == name)
        .map(|graph| graph.version)
        .collect();
    assert_eq!(all, [1, 2]);
    let newest: Vec<u32> = workflows()
        .filter(|graph| graph.name == name)
        .map(|graph| graph.version)
        .collect();
    assert_eq!(newest, [2]);
    assert!(std::ptr::eq(version(name, 1).unwrap(), v1::PackBox::GRAPH));
    assert!(std::ptr::eq(version(name, 2).unwrap(), PackBox::GRAPH));
    assert!(version(name, 3).is_none());
}

#[test]
fn a_model_is_offered_the_newest_alone() {
    let view = Registry::global().allow(["pack_box"]).unwrap();
    for dialect in Dialect::ALL {
        let json = view.tools().json(dialect).unwrap().to_string();
        assert_eq!(json.matches("pack_box").count(), 1, "{json}");
        assert!(json.contains("and seals it"), "{json}");
    }
}

#[test]
fn a_plan_is_checked_against_the_newest() {
    let plan = |params| {
        let step = json!({ "step": "one", "action": "pack_box", "params": params });
        Plan::check(
            &json!({ "enact": 1, "name": "pack", "steps": [step] }),
            Registry::global(),
        )
    };
    let old = plan(json!({ "item": "a" })).unwrap_err();
    assert!(old.to_string().contains("seal"), "{old}");
    let checked = plan(json!({ "item": "a", "seal": "s" })).unwrap();
    let NodeKind::Step { graph, .. } = &checked.graph().nodes[0].kind else {
        panic!("the plan has one step")
    };
    assert!(std::ptr::eq(graph.unwrap(), PackBox::GRAPH));
}

#[test]
fn a_step_runs_the_version_that_its_type_is() {
    let inner = |graph: &'static Graph, path: &str| {
        let node = graph.nodes.iter().find(|node| node.path == path).unwrap();
        match &node.kind {
            NodeKind::Step { graph, .. } => *graph,
            other => panic!("{other:?}"),
        }
    };
    let (old, new) = (v1::PackAgain::GRAPH, PackAgain::GRAPH);
    assert!(std::ptr::eq(
        inner(old, "packed/packed").unwrap(),
        v1::PackBox::GRAPH
    ));
    assert!(std::ptr::eq(
        inner(new, "packed/packed").unwrap(),
        PackBox::GRAPH
    ));
    assert!(inner(new, "packed/again").is_none(), "it runs itself");
    assert!(inner(PackBox::GRAPH, "said").is_none(), "it runs an action");
}

#[test]
fn a_lock_file_holds_each_version() {
    let folder = std::env::temp_dir().join(format!("enact-versions-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("enact.lock");
    Lock::linked().update(&path).unwrap();
    Lock::linked().check(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches("\"name\": \"pack_box\"").count(), 2, "{text}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_was_changed_between_versions_is_said() {
    let changes = v1::PackBox::GRAPH
        .outline()
        .changes(&PackBox::GRAPH.outline());
    let words: Vec<String> = changes.iter().map(Change::to_string).collect();
    assert_eq!(
        words,
        [
            "the workflow: an expression outside of its nodes, or the answer, was changed",
            "`sealed` was added",
        ]
    );
}

#[test]
fn what_a_step_answers_is_compared_by_version() {
    let (old, new) = (v1::PackAgain::GRAPH.outline(), PackAgain::GRAPH.outline());
    let changes = old.changes(&new);
    let words: Vec<String> = changes.iter().map(Change::to_string).collect();
    let again = words
        .iter()
        .find(|words| words.starts_with("`packed/again`"));
    assert!(
        again.is_some_and(|words| words.contains("answers otherwise")),
        "{words:?}"
    );
}
