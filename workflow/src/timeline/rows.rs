//! The lines of a drawing: spans in the order of their start, what is inside of something beneath
//! it, and what is too much folded into lines that count.

use std::collections::{HashMap, HashSet};

use super::{Kind, Span, State, Timeline};

/// How many items of a fan-out, and passes of a repeat, are drawn: the first ones, and as many of
/// those that are not done. The rest is one line.
pub const ITEMS: usize = 12;

/// How many lines a drawing has at most. What lies between the first half and the last is one more.
pub const ROWS: usize = 400;

/// How deep lines are put beneath one another.
const DEEPEST: usize = 16;

/// One line of a drawing.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) what: What<'a>,
    pub(crate) started: u64,
    /// Not before it started; as far as it is known.
    pub(crate) ended: u64,
    pub(crate) state: State,
    /// How many of the lines above it is inside of.
    pub(crate) depth: usize,
    /// Its path, without what the line says that it is inside of.
    pub(crate) name: &'a str,
    /// Whether lines inside of it follow.
    pub(crate) holds: bool,
}

/// What a line stands for.
#[derive(Debug)]
pub(crate) enum What<'a> {
    Span(&'a Span),
    Fold(Fold<'a>),
}

/// Many spans in one line.
#[derive(Debug, Default)]
pub(crate) struct Fold<'a> {
    /// The path of what they are items of; empty where they are of no one thing.
    pub(crate) path: &'a str,
    /// How many items there are, or spans where the path is empty.
    pub(crate) count: usize,
    /// How many of them came to each state.
    pub(crate) states: [usize; State::ALL.len()],
    /// Whether something was done meanwhile.
    pub(crate) is_work: bool,
}

impl Fold<'_> {
    /// How the items did: `9,984 done, 4 failed`.
    pub(crate) fn words(&self) -> String {
        let counted = State::ALL.into_iter().zip(self.states);
        let counted = counted.filter(|(_, count)| *count > 0);
        let words = counted.map(|(state, count)| {
            let count = super::words::count(count);
            format!("{count} {}", state.as_str())
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

impl Row<'_> {
    /// Whether it lasted no time at all.
    pub(crate) fn is_moment(&self) -> bool {
        self.started == self.ended
    }

    pub(crate) fn is_work(&self) -> bool {
        match &self.what {
            What::Span(span) => span.kind.is_work() && !self.holds,
            What::Fold(fold) => fold.is_work,
        }
    }
}

/// The lines of a timeline.
pub(crate) fn rows(timeline: &Timeline) -> Vec<Row<'_>> {
    let close = timeline.close();
    let folded = folded(&timeline.spans);
    let order = Order::of(&timeline.spans);
    let mut folds: HashMap<(&str, bool), usize> = HashMap::new();
    let mut seen: HashSet<(&str, bool)> = HashSet::new();
    let mut keyed: Vec<(Key, Row<'_>)> = Vec::new();
    for (i, span) in timeline.spans.iter().enumerate() {
        let undo = span.kind == Kind::Undo;
        let item = items(span).find(|(_, item)| folded.contains_key(&(*item, undo)));
        let Some((path, item)) = item else {
            keyed.push((order.key(i, span), shown(span, close)));
            continue;
        };
        let at = *folds.entry((path, undo)).or_insert_with(|| {
            keyed.push((order.key(i, span), fold(path, span)));
            keyed.len() - 1
        });
        let is_new = seen.insert((item, undo));
        add(
            &mut keyed[at].1,
            span,
            close,
            is_new.then(|| folded[&(item, undo)]),
        );
    }
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    let rows = keyed.into_iter().map(|(_, row)| row).collect();
    placed(shortened(rows))
}

fn shown(span: &Span, close: u64) -> Row<'_> {
    Row {
        what: What::Span(span),
        started: span.started,
        ended: ended(span, close),
        state: span.state,
        depth: 0,
        name: &span.path,
        holds: false,
    }
}

fn ended(span: &Span, close: u64) -> u64 {
    span.ended.unwrap_or(close).max(span.started)
}

fn fold<'a>(path: &'a str, span: &Span) -> Row<'a> {
    let what = What::Fold(Fold {
        path,
        ..Fold::default()
    });
    Row {
        what,
        started: span.started,
        ended: span.started,
        state: State::Done,
        depth: 0,
        name: path,
        holds: false,
    }
}

/// Puts a span into a fold; with the state of its item, where that is not counted yet.
fn add(row: &mut Row<'_>, span: &Span, close: u64, item: Option<State>) {
    row.started = row.started.min(span.started);
    row.ended = row.ended.max(ended(span, close));
    if let What::Fold(fold) = &mut row.what {
        fold.is_work |= span.kind.is_work();
        if let Some(state) = item {
            fold.count += 1;
            fold.states[state as usize] += 1;
            row.state = row.state.max(state);
        }
    }
}

/// The fan-outs and repeats a span is inside of, outermost first, each with the item:
/// of `a[1]/b[2]/c` these are `a` with `a[1]`, and `a[1]/b` with `a[1]/b[2]`.
fn items(span: &Span) -> impl Iterator<Item = (&str, &str)> {
    let path = span.path.as_str();
    let opened = path.match_indices('[').take(DEEPEST);
    opened.filter_map(move |(open, _)| {
        let close = open + path[open..].find(']')?;
        Some((&path[..open], &path[..=close]))
    })
}

/// The items that are not drawn, each with what came of it; and whether they are undone.
fn folded(spans: &[Span]) -> HashMap<(&str, bool), State> {
    type Items<'a> = (Vec<&'a str>, bool);
    let mut states: HashMap<(&str, bool), State> = HashMap::new();
    let mut groups: HashMap<(&str, bool), Items<'_>> = HashMap::new();
    for span in spans {
        let undo = span.kind == Kind::Undo;
        for (path, item) in items(span) {
            let state = states.entry((item, undo)).or_insert_with(|| {
                let group = groups.entry((path, undo)).or_default();
                group.0.push(item);
                State::Done
            });
            *state = span.state.max(*state);
        }
    }
    for ((_, undo), (items, _)) in &groups {
        let (first, rest) = items.split_at(items.len().min(ITEMS));
        let odd = rest
            .iter()
            .filter(|item| states[&(**item, *undo)] > State::Done);
        let odd: Vec<&str> = odd.take(ITEMS).copied().collect();
        // One line that counts a single item would hide it for nothing.
        let is_few = rest.len() <= odd.len() + 1;
        let shown = if is_few { rest } else { odd.as_slice() };
        for item in first.iter().chain(shown) {
            states.remove(&(*item, *undo));
        }
    }
    states
}

/// The place of a line among the others: of each thing that it is inside of, and of itself, when it
/// began and which it was.
type Key = Vec<(u64, usize)>;

/// When things began, by their paths.
struct Order<'a>(HashMap<&'a str, (u64, usize)>);

impl<'a> Order<'a> {
    fn of(spans: &'a [Span]) -> Self {
        let mut begun = HashMap::new();
        for (i, span) in spans.iter().enumerate() {
            for path in outer(span) {
                let first = begun.entry(path).or_insert((span.started, i));
                *first = (*first).min((span.started, i));
            }
        }
        Self(begun)
    }

    fn key(&self, i: usize, span: &Span) -> Key {
        let mut key: Key = outer(span).map(|path| self.0[path]).collect();
        key.push((span.started, i));
        key
    }
}

/// The paths of all that a span is inside of, outermost first, and its own, where that is a place
/// in the graph: `a`, `a[1]` and `a[1]/b`.
fn outer(span: &Span) -> impl Iterator<Item = &str> {
    let path = span.path.as_str();
    let ends = path.match_indices(['/', '[']).map(|(at, _)| at);
    let ends = ends.filter(|at| *at > 0).take(DEEPEST);
    let paths = ends.map(|end| &path[..end]).chain([path]);
    paths.filter(|_| span.kind.is_node())
}

/// The lines, with what is between the first half and the last in one.
fn shortened(mut rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    if rows.len() <= ROWS {
        return rows;
    }
    let last = rows.split_off(rows.len() - ROWS / 2);
    let middle = rows.split_off(ROWS - ROWS / 2);
    let mut all = Fold::default();
    let (mut started, mut ended, mut state) = (u64::MAX, 0, State::Done);
    for row in middle {
        (started, ended) = (started.min(row.started), ended.max(row.ended));
        state = state.max(row.state);
        all.is_work |= row.is_work();
        match row.what {
            What::Span(_) => {
                all.count += 1;
                all.states[row.state as usize] += 1;
            }
            What::Fold(fold) => {
                all.count += fold.count;
                for (sum, count) in all.states.iter_mut().zip(fold.states) {
                    *sum += count;
                }
            }
        }
    }
    rows.push(Row {
        what: What::Fold(all),
        started,
        ended,
        state,
        depth: 0,
        name: "",
        holds: false,
    });
    rows.extend(last);
    rows
}

/// Finds for each line those that it is inside of.
fn placed(mut rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    let mut inside: Vec<(usize, &str)> = Vec::new();
    for i in 0..rows.len() {
        let row = &rows[i];
        let is_node = match &row.what {
            What::Span(span) => span.kind.is_node(),
            What::Fold(fold) => !fold.path.is_empty(),
        };
        if !is_node {
            inside.clear();
            continue;
        }
        let path = row.name;
        let is_fold = matches!(row.what, What::Fold(_));
        let is_outer = |outer: &str| match path.strip_prefix(outer) {
            Some("") => is_fold,
            Some(rest) => rest.starts_with(['/', '[']),
            None => false,
        };
        while inside.pop_if(|(_, outer)| !is_outer(outer)).is_some() {}
        if let Some((outer, name)) = inside.last() {
            let name = path[name.len()..].trim_start_matches('/');
            (rows[i].depth, rows[i].name) = (inside.len(), name);
            rows[*outer].holds = true;
        }
        if !is_fold && inside.len() < DEEPEST {
            inside.push((i, path));
        }
    }
    rows
}
