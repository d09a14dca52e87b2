//! Graphs to test with.

use std::borrow::Cow;
use std::time::Duration;

use enact_action_core::__private::{Key, Label};
use enact_action_core::spec::{Effect, Policy, Retry, SourcePlace, Spec};
use enact_action_core::telemetry::Telemetry;

use crate::{Graph, Node, NodeKind};

/// The spec of an action whose name and description are the same.
pub(crate) const fn spec(name: &'static str, effect: Effect, undo: bool) -> Spec {
    static LABELS: [Label; 1] = [Telemetry::label("sample")];
    static RUNNING: Key = Telemetry::running(&LABELS);
    let place = SourcePlace {
        file: "sample.rs",
        line: 1,
    };
    let mut spec = Spec::new(name, name, place, Telemetry::new(&RUNNING));
    spec.effect = effect;
    spec.undo = undo;
    spec
}

pub(crate) static CHECK: Spec = spec("check_order", Effect::Read, false);
pub(crate) static RESERVE: Spec = spec("reserve_stock", Effect::Write, true);
pub(crate) static CHARGE: Spec = spec("charge_card", Effect::Idempotent, false);

/// A node at the end of those there are, with its own line.
pub(crate) struct Draft(pub(crate) Vec<Node>);

impl Draft {
    pub(crate) fn add(
        &mut self,
        path: &'static str,
        parent: Option<(u32, u32)>,
        reads: &'static [u32],
        kind: NodeKind,
    ) -> u32 {
        let index = u32::try_from(self.0.len()).expect("a sample is small");
        self.0.push(Node {
            path: Cow::Borrowed(path),
            kind,
            parent,
            reads: Cow::Borrowed(reads),
            line: 10 + index,
            code: 100 + u64::from(index),
        });
        index
    }
}

pub(crate) fn step(action: &'static Spec) -> NodeKind {
    NodeKind::Step {
        action,
        policy: action.policy,
        pivot: false,
        graph: None,
    }
}

pub(crate) fn graph(nodes: Vec<Node>) -> Graph {
    Graph {
        name: Cow::Borrowed("sample"),
        version: 1,
        saga: false,
        deadline: None,
        nodes: Cow::Owned(nodes),
        place: Some(SourcePlace {
            file: "src/sample.rs",
            line: 9,
        }),
        code: 7,
    }
}

/// A workflow of no nodes.
pub(crate) const fn bare(version: u32, code: u64) -> Graph {
    Graph {
        name: Cow::Borrowed("inner"),
        version,
        saga: false,
        deadline: None,
        nodes: Cow::Borrowed(&[]),
        place: None,
        code,
    }
}

/// Lets a step run a workflow of that graph.
pub(crate) fn running(node: &mut Node, inner: Option<&'static Graph>) {
    if let NodeKind::Step { graph, .. } = &mut node.kind {
        *graph = inner;
    }
}

/// A graph with one of everything.
pub(crate) fn everything() -> Graph {
    let mut draft = Draft(Vec::new());
    let policy = Policy {
        timeout: Some(Duration::from_secs(90)),
        retry: Some(Retry::times(3)),
        grace: Duration::from_secs(2),
        ..Policy::PLAIN
    };
    draft.add("valid", None, &[], step(&CHECK));
    draft.add("parallel1", None, &[], sides(2));
    draft.add("stock", Some((1, 0)), &[0], step(&RESERVE));
    draft.add("quote", Some((1, 1)), &[0], step(&CHECK));
    draft.add("total", None, &[0], tiers());
    draft.add("total/price", Some((4, 0)), &[3], step(&CHECK));
    draft.add("total/stop", Some((4, 2)), &[], NodeKind::Stop);
    let charge = NodeKind::Step {
        action: &CHARGE,
        policy,
        pivot: true,
        graph: None,
    };
    draft.add("charge", None, &[4], charge);
    let each = NodeKind::FanOut {
        max: 8,
        collect: true,
        spawn: true,
    };
    draft.add("labels", None, &[0], each);
    draft.add("labels[]/label", Some((8, 0)), &[8], step(&RESERVE));
    draft.add("repeat1", None, &[], NodeKind::Repeat { max: 5 });
    draft.add("repeat1[]/poll", Some((10, 0)), &[], step(&CHECK));
    let nap = NodeKind::Sleep {
        time: Some(Duration::from_millis(1_500)),
    };
    draft.add("repeat1[]/nap", Some((10, 0)), &[11], nap);
    let wait = NodeKind::Wait {
        signal: Cow::Borrowed("order.approved"),
        timeout: Some(Duration::from_hours(1)),
    };
    draft.add("approval", None, &[8], wait);
    let emit = NodeKind::Emit {
        signal: Cow::Borrowed("order.shipped"),
    };
    draft.add("emit1", None, &[13], emit);
    Graph {
        name: Cow::Borrowed("everything"),
        saga: true,
        deadline: Some(Duration::from_hours(24)),
        ..graph(draft.0)
    }
}

fn sides(arms: u32) -> NodeKind {
    NodeKind::Parallel {
        arms,
        collect: false,
        spawn: false,
    }
}

fn tiers() -> NodeKind {
    let arms = ["Tier::Premium", "Tier::Standard", "_"];
    NodeKind::Branch {
        arms: arms.map(Cow::Borrowed).to_vec().into(),
    }
}

/// One node whose texts try to be more than texts.
pub(crate) fn hostile() -> Graph {
    let mut draft = Draft(Vec::new());
    let arms = [
        r#"if name == "a\"b\\" && x < 3 | y > 'c'"#,
        "else if m { } [ ] ( ) %%{init: {}}%% <script>alert(1)</script>",
        "style: #1; classDef x:#2;\nend --> `*a*`\u{0}\u{7}",
    ];
    let branch = NodeKind::Branch {
        arms: arms.map(Cow::Borrowed).to_vec().into(),
    };
    draft.add("\"];\nend --> <b>&amp;", None, &[], branch);
    draft.add("inside", Some((0, 1)), &[0, 9], step(&CHECK));
    Graph {
        name: Cow::Borrowed("\" } \\"),
        ..graph(draft.0)
    }
}
