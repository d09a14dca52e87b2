//! The steps as a graph of dagrs, whose channels carry one run: each run builds its own.

use std::hint::black_box;
use std::sync::Arc;

use async_trait::async_trait;
use dagrs::{
    Action, Content, DefaultNode, EnvVar, Graph, InChannels, Node, NodeId, NodeTable, OutChannels,
    Output,
};

/// Adds one to what comes in, or to what it begins with.
struct Add(Option<u64>);

#[async_trait]
impl Action for Add {
    async fn run(
        &self,
        incoming: &mut InChannels,
        outgoing: &mut OutChannels,
        _: Arc<EnvVar>,
    ) -> Output {
        let sent = match self.0 {
            Some(a) => Some(a),
            None => {
                let contents = incoming.map(|content| content.ok()?.into_inner::<u64>());
                contents.await.pop().flatten().map(|a| *a)
            }
        };
        let Some(sum) = sent.and_then(|a| black_box(a).checked_add(black_box(1))) else {
            return Output::Out(None);
        };
        outgoing.broadcast(Content::new(sum)).await;
        Output::Out(Some(Content::new(sum)))
    }
}

/// A graph of five nodes in a row, and the last of them.
pub(crate) fn build(a: u64) -> Option<(Graph, NodeId)> {
    let mut table = NodeTable::new();
    let mut graph = Graph::new();
    let mut last: Option<NodeId> = None;
    for index in 0..5 {
        let begins = last.is_none().then_some(a);
        let node = DefaultNode::with_action(format!("add {index}"), Add(begins), &mut table);
        let id = node.id();
        graph.add_node(node).ok()?;
        if let Some(before) = last.replace(id) {
            graph.add_edge(before, vec![id]).ok()?;
        }
    }
    graph.set_env(EnvVar::new(table));
    Some((graph, last?))
}

/// Builds it and runs it.
pub(crate) async fn run(a: u64) -> Option<u64> {
    let (mut graph, last) = build(a)?;
    graph.async_start().await.ok()?;
    let answer = graph.get_results::<u64>().remove(&last)??;
    Some(*answer)
}
