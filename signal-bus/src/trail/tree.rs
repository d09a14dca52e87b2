//! A signal and all that it has caused, drawn.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use super::Trail;
use crate::log::{LogError, Recorded};

/// A signal and all that it has caused.
///
/// It prints as a tree of text; [`mermaid`](Self::mermaid) draws it as a graph. A signal of several
/// causes hangs below each, and what it has caused itself stands where it comes first.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::prelude::*;
/// use enact::signal::Envelope;
/// use enact_signal_bus::log::Log;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// let log = Log::memory();
/// let placed = Envelope::builder("order.placed", "/shop").id("a").subject("1042").build()?;
/// let paid = Envelope::builder("order.paid", "/bank").id("b").caused_by(&placed).build()?;
/// let packed = Envelope::builder("order.packed", "/depot").id("c").caused_by(&placed).build()?;
/// let shipped = Envelope::builder("order.shipped", "/depot").id("d");
/// let shipped = shipped.caused_by(&paid).caused_by(&packed).build()?;
/// runtime.block_on(log.publish_all([placed, paid, packed, shipped]))?;
///
/// let tree = log.trail().tree("a", 100)?;
/// assert_eq!(
///     tree.to_string(),
///     "\
/// order.placed 1042 #1
/// ├─ order.paid #2
/// │  └─ order.shipped #4
/// └─ order.packed #3
///    └─ order.shipped #4, see above
/// "
/// );
/// assert!(tree.mermaid().contains("s2 --> s4"));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tree {
    /// The first is the root.
    signals: Vec<Recorded>,
    /// The places of what each has caused.
    effects: Vec<Vec<usize>>,
    /// Whether there are more signals than were asked for.
    is_cut: bool,
}

impl Tree {
    pub(super) fn grow(trail: &Trail, id: &str, most: usize) -> Result<Self, LogError> {
        let signals: Vec<_> = trail.find(id)?.into_iter().collect();
        let mut tree = Self {
            signals,
            effects: Vec::new(),
            is_cut: false,
        };
        let mut places = HashMap::from([(id.to_owned(), 0)]);
        while let Some(signal) = tree.signals.get(tree.effects.len()) {
            // One more than there is room for, so that it is known that there is more.
            let effects = trail.first_effects(signal.id(), most.saturating_add(1))?;
            let mut below = Vec::with_capacity(effects.len());
            for effect in effects {
                let next = tree.signals.len();
                match places.get(effect.id()) {
                    Some(place) => below.push(*place),
                    None if next < most => {
                        places.insert(effect.id().to_owned(), next);
                        tree.signals.push(effect);
                        below.push(next);
                    }
                    None => tree.is_cut = true,
                }
            }
            tree.effects.push(below);
        }
        Ok(tree)
    }

    /// How many signals it has; none, where the log does not have the first.
    pub const fn len(&self) -> usize {
        self.signals.len()
    }

    /// Whether the log does not have the signal.
    pub const fn is_empty(&self) -> bool {
        self.signals.is_empty()
    }

    /// Whether there are more signals than it was to have.
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The signals: the first one, and then those nearest to it first.
    pub fn signals(&self) -> impl ExactSizeIterator<Item = &Recorded> {
        self.signals.iter()
    }

    /// The tree as a flowchart of Mermaid.
    pub fn mermaid(&self) -> String {
        let mut drawn = "flowchart TD\n".to_owned();
        for signal in &self.signals {
            let (sequence, label) = (signal.sequence(), escaped(&label(signal)));
            // Writing to a string does not fail.
            let _ = writeln!(drawn, "    s{sequence}[\"{label}\"]");
        }
        for (signal, effects) in self.signals.iter().zip(&self.effects) {
            for effect in effects.iter().filter_map(|place| self.signals.get(*place)) {
                let (from, to) = (signal.sequence(), effect.sequence());
                let _ = writeln!(drawn, "    s{from} --> s{to}");
            }
        }
        drawn
    }

    /// Writes all that is below, without going deeper than the stack bears: with a stack of its own.
    fn write_below(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut drawn: Vec<bool> = (0..self.signals.len()).map(|place| place == 0).collect();
        let mut open = vec![(0, 0)];
        let mut bars = String::new();
        while let Some((place, next)) = open.last_mut() {
            let effects = self.effects.get(*place).map_or(&[][..], Vec::as_slice);
            let Some(effect) = effects.get(*next).copied() else {
                open.pop();
                // One bar is three characters; the last has none.
                let kept = bars.chars().count().saturating_sub(3);
                bars = bars.chars().take(kept).collect();
                continue;
            };
            *next += 1;
            let is_last = *next == effects.len();
            let (branch, bar) = if is_last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            let Some(signal) = self.signals.get(effect) else {
                continue;
            };
            write!(f, "{bars}{branch}{}", label(signal))?;
            let was_drawn = drawn
                .get_mut(effect)
                .is_none_or(|it| std::mem::replace(it, true));
            if was_drawn {
                f.write_str(", see above\n")?;
                continue;
            }
            f.write_str("\n")?;
            bars.push_str(bar);
            open.push((effect, 0));
        }
        Ok(())
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(root) = self.signals.first() else {
            return Ok(());
        };
        writeln!(f, "{}", label(root))?;
        self.write_below(f)?;
        if self.is_cut {
            f.write_str("… and more\n")?;
        }
        Ok(())
    }
}

/// A signal in a line.
fn label(signal: &Recorded) -> String {
    let mut label = signal.ty().to_string();
    if let Some(subject) = signal.subject() {
        let subject = subject
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c });
        label.push(' ');
        label.extend(subject.take(60));
    }
    let _ = write!(label, " #{}", signal.sequence());
    label
}

/// A label as Mermaid reads it between quotes.
fn escaped(label: &str) -> String {
    let mut escaped = String::with_capacity(label.len());
    for c in label.chars() {
        match c {
            '"' => escaped.push_str("#quot;"),
            '#' => escaped.push_str("#35;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}
