//! Which way a run goes: the edges that every drawing of a graph shares.

use std::borrow::Cow;

use super::{Graph, Node, NodeKind};

/// A graph as it is drawn: its points, each after those that lead to it, and the edges.
pub(crate) struct Flow<'a> {
    pub(crate) graph: &'a Graph,
    /// What is drawn, in order; what stands between `Open` and `Close` is in one frame.
    pub(crate) items: Vec<Item>,
    pub(crate) edges: Vec<Edge<'a>>,
}

pub(crate) enum Item {
    Point(Point),
    /// The frame of a node begins.
    Open(usize),
    Close,
}

/// Where an edge starts and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Point {
    Start,
    /// A node, by its index.
    Node(usize),
    /// Where the arms of a node come together again.
    Join(usize),
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// One runs after the other.
    Next,
    /// Into an arm.
    Arm,
    /// Back, for one more pass.
    Again,
    /// One reads what the other answered.
    Read,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge<'a> {
    pub(crate) from: Point,
    pub(crate) to: Point,
    pub(crate) link: Link,
    /// Empty, where there is nothing to say.
    pub(crate) label: &'a str,
}

/// An edge that has no end yet.
struct Exit<'a> {
    from: Point,
    link: Link,
    label: &'a str,
}

impl<'a> Exit<'a> {
    fn next(from: Point) -> Self {
        Self {
            from,
            link: Link::Next,
            label: "",
        }
    }

    fn arm(node: usize, label: &'a str) -> Self {
        Self {
            from: Point::Node(node),
            link: Link::Arm,
            label,
        }
    }
}

impl<'a> Flow<'a> {
    pub(crate) fn of(graph: &'a Graph) -> Self {
        let mut draft = Draft::of(graph);
        draft.point(Point::Start, Vec::new());
        let top = draft.top.clone();
        let mut exits = draft.sequence(&top, vec![Exit::next(Point::Start)]);
        exits.append(&mut draft.stops);
        draft.point(Point::End, exits);
        let mut flow = draft.flow;
        flow.edges.extend(reads(graph, &flow.items));
        flow
    }

    pub(crate) fn node(&self, index: usize) -> &'a Node {
        &self.graph.nodes[index]
    }
}

/// A flow while it is drawn.
struct Draft<'a> {
    flow: Flow<'a>,
    /// The nodes inside of no other.
    top: Vec<usize>,
    /// What is inside of each node, with its arm.
    inside: Vec<Vec<(u32, usize)>>,
    /// The ways from `stop` to the end.
    stops: Vec<Exit<'a>>,
}

impl<'a> Draft<'a> {
    fn of(graph: &'a Graph) -> Self {
        let mut inside = vec![Vec::new(); graph.nodes.len()];
        let mut top = Vec::new();
        for (i, node) in graph.nodes.iter().enumerate() {
            match node.parent {
                None => top.push(i),
                Some((parent, arm)) => {
                    if let Some(inside) = inside.get_mut(parent as usize) {
                        inside.push((arm, i));
                    }
                }
            }
        }
        Self {
            flow: Flow {
                graph,
                items: Vec::new(),
                edges: Vec::new(),
            },
            top,
            inside,
            stops: Vec::new(),
        }
    }

    /// Draws a point and ends the exits there.
    fn point(&mut self, to: Point, exits: Vec<Exit<'a>>) {
        self.flow.items.push(Item::Point(to));
        let edges = exits.into_iter().map(|exit| Edge {
            from: exit.from,
            to,
            link: exit.link,
            label: exit.label,
        });
        self.flow.edges.extend(edges);
    }

    fn sequence(&mut self, nodes: &[usize], exits: Vec<Exit<'a>>) -> Vec<Exit<'a>> {
        nodes
            .iter()
            .fold(exits, |exits, &node| self.node(node, exits))
    }

    fn node(&mut self, node: usize, exits: Vec<Exit<'a>>) -> Vec<Exit<'a>> {
        let kind = &self.flow.node(node).kind;
        let framed = matches!(kind, NodeKind::FanOut { .. } | NodeKind::Repeat { .. });
        if framed {
            self.flow.items.push(Item::Open(node));
        }
        self.point(Point::Node(node), exits);
        let exits = match kind {
            NodeKind::Step { .. }
            | NodeKind::Sleep { .. }
            | NodeKind::Wait { .. }
            | NodeKind::Emit { .. } => vec![Exit::next(Point::Node(node))],
            NodeKind::Stop => {
                self.stops.push(Exit::next(Point::Node(node)));
                Vec::new()
            }
            NodeKind::Branch { arms } => self.branch(node, arms),
            NodeKind::Parallel { .. } => self.parallel(node),
            NodeKind::FanOut { .. } => self.arm(node, 0, "each"),
            NodeKind::Repeat { .. } => self.arm(node, 0, ""),
        };
        let exits = self.joined(node, exits);
        if framed {
            self.flow.items.push(Item::Close);
        }
        exits
    }

    fn arm(&mut self, node: usize, arm: u32, label: &'a str) -> Vec<Exit<'a>> {
        let nodes: Vec<usize> = self.inside[node]
            .iter()
            .filter(|(of, _)| *of == arm)
            .map(|(_, inner)| *inner)
            .collect();
        self.sequence(&nodes, vec![Exit::arm(node, label)])
    }

    fn branch(&mut self, node: usize, arms: &'a [Cow<'static, str>]) -> Vec<Exit<'a>> {
        let mut exits = Vec::new();
        for (arm, label) in (0..).zip(arms) {
            exits.extend(self.arm(node, arm, label));
        }
        if falls_through(arms) {
            exits.push(Exit::arm(node, "otherwise"));
        }
        exits
    }

    fn parallel(&mut self, node: usize) -> Vec<Exit<'a>> {
        let mut arms: Vec<u32> = self.inside[node].iter().map(|(arm, _)| *arm).collect();
        arms.sort_unstable();
        arms.dedup();
        arms.into_iter()
            .flat_map(|arm| self.arm(node, arm, ""))
            .collect()
    }

    /// Brings the arms together, where the node has any and one of them comes to its end.
    fn joined(&mut self, node: usize, exits: Vec<Exit<'a>>) -> Vec<Exit<'a>> {
        let kind = &self.flow.node(node).kind;
        if !has_arms(kind) || exits.is_empty() {
            return exits;
        }
        let join = Point::Join(node);
        self.point(join, exits);
        if matches!(kind, NodeKind::Repeat { .. }) {
            self.flow.edges.push(Edge {
                from: join,
                to: Point::Node(node),
                link: Link::Again,
                label: "again",
            });
        }
        vec![Exit::next(join)]
    }
}

fn has_arms(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Branch { .. }
        | NodeKind::Parallel { .. }
        | NodeKind::FanOut { .. }
        | NodeKind::Repeat { .. } => true,
        NodeKind::Step { .. }
        | NodeKind::Sleep { .. }
        | NodeKind::Wait { .. }
        | NodeKind::Emit { .. }
        | NodeKind::Stop => false,
    }
}

/// Whether no arm may run: conditions without an `else`. A match always takes one.
fn falls_through(arms: &[Cow<'static, str>]) -> bool {
    let is_condition = |arm: &str| arm.starts_with("if ") || arm.starts_with("else if ");
    arms.len() < 2 || arms.last().is_some_and(|arm| is_condition(arm))
}

/// Who reads whom: from where the outcome is known, which for arms is where they join.
fn reads<'a>(graph: &'a Graph, items: &[Item]) -> Vec<Edge<'a>> {
    let joins: Vec<usize> = items
        .iter()
        .filter_map(|item| match item {
            Item::Point(Point::Join(node)) => Some(*node),
            Item::Point(Point::Start | Point::Node(_) | Point::End)
            | Item::Open(_)
            | Item::Close => None,
        })
        .collect();
    let mut edges = Vec::new();
    for (i, node) in graph.nodes.iter().enumerate() {
        for &read in node.reads.iter() {
            let read = read as usize;
            let joined = joins.contains(&read) && !is_inside(graph, i, read);
            if read < graph.nodes.len() {
                edges.push(Edge {
                    from: if joined {
                        Point::Join(read)
                    } else {
                        Point::Node(read)
                    },
                    to: Point::Node(i),
                    link: Link::Read,
                    label: "",
                });
            }
        }
    }
    edges
}

fn is_inside(graph: &Graph, node: usize, outer: usize) -> bool {
    let parent = |node: usize| {
        let (parent, _) = graph.nodes.get(node)?.parent?;
        // A node stands before those inside it.
        Some(parent as usize).filter(|parent| *parent < node)
    };
    std::iter::successors(parent(node), |node| parent(*node)).any(|node| node == outer)
}
