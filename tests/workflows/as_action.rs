//! A workflow is an action: known by name, a tool, with a spec that follows from its steps.

use enact::prelude::*;
use enact::tool::Dialect;
use enact::workflow::registry::workflows;
use serde_json::json;

use crate::shop::{Make, Say, Shop, Try};

/// Writes two things.
#[derive(Debug, Action)]
#[action(undo, writes("stock", "ledger"))]
struct Writes;

impl Run for Writes {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        Shop::act(cx, "writes").await
    }
}

impl Undo for Writes {
    async fn undo(&self, _output: Option<&()>, cx: &Context) -> Result<(), Failure> {
        Shop::act(cx, "undo writes").await
    }
}

workflow! {
    /// Only reads.
    OnlyReads { #[param(len = 1..=5)] word: String } -> String {
        step said = Say { word };
        said
    }
}

workflow! {
    /// May be repeated.
    MayRepeat { word: String } -> String {
        step said = Say { word };
        step tried = Try { what: said };
        tried
    }
}

workflow! {
    /// Writes and can be undone.
    #[workflow(version = 7, saga, name = "ship_it", title = "Ship it", category = "shop", tags("a", "b"))]
    WritesAll {} {
        step read = OnlyReads::new("a");
        parallel {
            step _arm = MayRepeat { word: read };
            step made = Make::new("m");
        }
        branch if true { step written = Writes; }
    }
}

workflow! {
    /// Writes and goes only forward from the middle.
    #[workflow(saga)]
    Halfway {} {
        pivot step all = WritesAll {};
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_called_by_its_name() {
    let shop = Shop::default();
    let call = |params| {
        let cx = shop.cx();
        async move { Registry::global().call("only_reads", params, &cx).await }
    };
    assert_eq!(call(json!({"word": "a"})).await.unwrap(), json!("A"));
    let failure = call(json!({"word": "too long"})).await.unwrap_err();
    assert_eq!(
        (failure.kind(), failure.violations().unwrap().len()),
        (Kind::Invalid, 1)
    );
    assert_eq!(shop.log(), ["a"]);
}

#[test]
fn it_is_a_tool_for_every_vendor() {
    for dialect in Dialect::ALL {
        let tools = Registry::global()
            .allow(["only_reads", "ship_it"])
            .unwrap()
            .tools();
        let json = tools.json(dialect).unwrap().to_string();
        assert!(
            json.contains("only_reads") && json.contains("Only reads."),
            "{json}"
        );
    }
}

#[test]
fn its_spec_follows_from_its_steps() {
    let of = |spec: &enact::Spec| (spec.effect, spec.undo, spec.writes.to_vec());
    assert_eq!(of(&OnlyReads::SPEC), (Effect::Read, false, vec![]));
    assert_eq!(of(&MayRepeat::SPEC), (Effect::Idempotent, false, vec![]));
    assert_eq!(
        of(&WritesAll::SPEC),
        (Effect::Write, true, vec!["stock", "ledger"])
    );
    assert_eq!(
        of(&Halfway::SPEC),
        (Effect::Write, false, vec!["stock", "ledger"])
    );
    let spec = WritesAll::SPEC;
    assert_eq!(
        (
            spec.name,
            spec.version,
            spec.title,
            spec.category,
            spec.tags
        ),
        (
            "ship_it",
            Some("7"),
            Some("Ship it"),
            Some("shop"),
            &["a", "b"][..]
        )
    );
    assert_eq!(spec.description, "Writes and can be undone.");
    assert!(spec.place.file.ends_with("as_action.rs"));
}

#[test]
fn its_graph_says_what_the_source_says() {
    let graph = WritesAll::GRAPH;
    let nodes: Vec<_> = graph
        .nodes
        .iter()
        .map(|node| (&*node.path, node.parent, node.reads.to_vec()))
        .collect();
    assert_eq!(
        nodes,
        [
            ("read", None, vec![]),
            ("parallel", None, vec![]),
            ("_arm", Some((1, 0)), vec![0]),
            ("made", Some((1, 1)), vec![]),
            ("branch", None, vec![]),
            ("written", Some((4, 0)), vec![]),
        ]
    );
    assert_eq!(
        (&*graph.name, graph.version, graph.saga),
        ("ship_it", 7, true)
    );
    assert!(workflows().any(|known| known.name == "ship_it"));
}
