//! Fingerprints: one number that changes when a graph behaves otherwise.

use std::borrow::Cow;
use std::time::Duration;

use enact_action_core::spec::{Policy, Retry, Spec};

use super::{Graph, Node, NodeKind};

impl Graph {
    /// A digest of all that makes runs behave otherwise; equal in every build and on every machine.
    ///
    /// It covers the nodes in their order, the digests of the code, the saga and the deadline, and of
    /// a step that runs a workflow also that one's version and fingerprint, since a run inside is
    /// recorded with the one around it. It leaves out the graph's own name and version, places,
    /// lines and what actions say for people.
    ///
    /// ```
    /// use enact_workflow::Graph;
    /// # use std::borrow::Cow;
    /// const EMPTY: Graph = Graph {
    ///     name: Cow::Borrowed("empty"),
    ///     version: 1,
    ///     saga: false,
    ///     deadline: None,
    ///     nodes: Cow::Borrowed(&[]),
    ///     place: None,
    ///     code: 0,
    /// };
    /// const SEAL: u64 = EMPTY.fingerprint();
    ///
    /// assert_eq!(Graph { version: 2, ..EMPTY }.fingerprint(), SEAL);
    /// assert_ne!(Graph { saga: true, ..EMPTY }.fingerprint(), SEAL);
    /// ```
    pub const fn fingerprint(&self) -> u64 {
        let nodes = slice(&self.nodes);
        let mut digest = Digest::new()
            .flag(self.saga)
            .time(self.deadline)
            .number(self.code)
            .number(nodes.len() as u64);
        let mut i = 0;
        while i < nodes.len() {
            digest = digest.number(nodes[i].fingerprint(self));
            i += 1;
        }
        digest.0
    }
}

impl Node {
    /// A digest of all that makes this node of the graph behave otherwise, for naming the nodes
    /// that differ where the graphs' fingerprints do.
    ///
    /// The nodes it is inside of and reads from count by their paths, so that a node put in before
    /// them changes nothing here.
    pub const fn fingerprint(&self, graph: &Graph) -> u64 {
        let mut digest = Digest::new().text(text(&self.path)).kind(&self.kind);
        digest = match self.parent {
            None => digest.number(0),
            Some((parent, arm)) => digest.number(1).node(graph, parent).number(arm as u64),
        };
        let reads = slice(&self.reads);
        digest = digest.number(reads.len() as u64);
        let mut i = 0;
        while i < reads.len() {
            digest = digest.node(graph, reads[i]);
            i += 1;
        }
        digest.number(self.code).0
    }
}

/// The digest of those bytes.
pub(crate) const fn digest(bytes: &[u8]) -> u64 {
    Digest::new().bytes(bytes).0
}

/// FNV-1a of 64 bits. Whatever has no fixed length goes in with its length or a tag before it.
struct Digest(u64);

impl Digest {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    const fn bytes(mut self, bytes: &[u8]) -> Self {
        let mut i = 0;
        while i < bytes.len() {
            self.0 = (self.0 ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
            i += 1;
        }
        self
    }

    const fn number(self, number: u64) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    const fn flag(self, flag: bool) -> Self {
        self.number(flag as u64)
    }

    const fn text(self, text: &str) -> Self {
        self.number(text.len() as u64).bytes(text.as_bytes())
    }

    const fn time(self, time: Option<Duration>) -> Self {
        match time {
            None => self.number(0),
            Some(time) => self.number(1).bytes(&time.as_nanos().to_le_bytes()),
        }
    }

    const fn node(self, graph: &Graph, index: u32) -> Self {
        let nodes = slice(&graph.nodes);
        if (index as usize) < nodes.len() {
            self.text(text(&nodes[index as usize].path))
        } else {
            self.number(u64::MAX)
        }
    }

    const fn kind(self, kind: &NodeKind) -> Self {
        match kind {
            NodeKind::Step {
                action,
                policy,
                pivot,
                graph,
            } => match graph {
                None => self.number(1),
                Some(graph) => self
                    .number(10)
                    .number(graph.version as u64)
                    .number(graph.fingerprint()),
            }
            .action(action)
            .policy(policy)
            .flag(*pivot),
            NodeKind::Branch { arms } => self.number(2).texts(slice(arms)),
            NodeKind::Parallel {
                arms,
                collect,
                spawn,
            } => self
                .number(3)
                .number(*arms as u64)
                .flag(*collect)
                .flag(*spawn),
            NodeKind::FanOut {
                max,
                collect,
                spawn,
            } => self
                .number(4)
                .number(*max as u64)
                .flag(*collect)
                .flag(*spawn),
            NodeKind::Repeat { max } => self.number(5).number(*max as u64),
            NodeKind::Sleep { time } => self.number(6).time(*time),
            NodeKind::Wait { signal, timeout } => self.number(7).text(text(signal)).time(*timeout),
            NodeKind::Emit { signal } => self.number(8).text(text(signal)),
            NodeKind::Stop => self.number(9),
        }
    }

    const fn texts(mut self, texts: &[Cow<'static, str>]) -> Self {
        self = self.number(texts.len() as u64);
        let mut i = 0;
        while i < texts.len() {
            self = self.text(text(&texts[i]));
            i += 1;
        }
        self
    }

    /// What decides how an action is run, recorded and undone; its words are for people.
    const fn action(self, action: &Spec) -> Self {
        self.text(action.name)
            .text(action.effect.as_str())
            .flag(action.undo)
    }

    const fn policy(self, policy: &Policy) -> Self {
        self.time(policy.timeout)
            .time(policy.deadline)
            .retry(policy.retry)
            .time(Some(policy.grace))
            .time(Some(policy.undo_timeout))
    }

    const fn retry(self, retry: Option<Retry>) -> Self {
        match retry {
            None => self.number(0),
            Some(Retry { times, first, most }) => self
                .number(1)
                .number(times as u64)
                .time(Some(first))
                .time(Some(most)),
        }
    }
}

/// What the `Cow` derefs to.
#[expect(clippy::ptr_arg, reason = "a constant can't deref it")]
const fn slice<'a, T: Clone>(cow: &'a Cow<'static, [T]>) -> &'a [T] {
    match cow {
        Cow::Borrowed(items) => items,
        Cow::Owned(items) => items.as_slice(),
    }
}

#[expect(clippy::ptr_arg, reason = "a constant can't deref it")]
const fn text<'a>(cow: &'a Cow<'static, str>) -> &'a str {
    match cow {
        Cow::Borrowed(text) => text,
        Cow::Owned(text) => text.as_str(),
    }
}
