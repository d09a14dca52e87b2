//! Gathering a story from a log and a journal, the nearest first.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use enact_action_core::Failure;
use enact_signal_bus::log::{LogError, Recorded};
use enact_signal_bus::trail::Trail;
use enact_workflow::engine::{Client, EngineError, Kind as Why, run_id};
use enact_workflow::timeline::{EventId, Kind, Span as Recalled, State, Timeline};

use serde_json::Value;

use super::emitter::{candidates, named};
use super::{Bounds, Node, Run, Signal, Span, Story, What};

/// How many causes of the first are told.
const MOST_CAUSES: usize = 16;

/// How many signals of one id are looked at.
const MOST_NAMED: usize = 64;

/// What a story is told from.
pub(crate) struct Teller {
    pub(crate) client: Option<Client>,
    pub(crate) trail: Option<Trail>,
}

/// What a story is about.
pub(crate) enum Root {
    Signal(Recorded),
    Run(Arc<Timeline>),
    /// Several signals, of these sources.
    Several(Vec<String>),
    Nothing,
}

/// Of whichever kind it is, what it is looked for by.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Signal(u64),
    Run(String),
}

/// Something that is below something else.
enum Found {
    Signal(Recorded),
    Run(Arc<Timeline>),
    Span(Span),
}

impl Teller {
    /// What has that id: a run, or else a signal, of that source where one is said.
    pub(crate) async fn find(&self, id: &str, source: Option<&str>) -> Result<Root, Failure> {
        if let Some(source) = source {
            let found = self.signal(id, source).await?;
            return Ok(found.map_or(Root::Nothing, Root::Signal));
        }
        if let Some(run) = self.run(id).await? {
            return Ok(Root::Run(run));
        }
        let signals = self.signals(id).await?;
        let sources: BTreeSet<&str> = signals.iter().map(|one| one.source()).collect();
        if sources.len() > 1 {
            let sources = sources.into_iter().map(str::to_owned);
            return Ok(Root::Several(sources.collect()));
        }
        if let Some(signal) = signals.into_iter().next() {
            return Ok(Root::Signal(signal));
        }
        let Some((source, id)) = named(id) else {
            return Ok(Root::Nothing);
        };
        let found = self.signal(&id, &source).await?;
        Ok(found.map_or(Root::Nothing, Root::Signal))
    }

    async fn run(&self, id: &str) -> Result<Option<Arc<Timeline>>, Failure> {
        let Some(client) = &self.client else {
            return Ok(None);
        };
        match client.timeline(id).await {
            Ok(timeline) => Ok(Some(Arc::new(without_data(timeline)))),
            Err(error) if error.kind() == Why::NotThere => Ok(None),
            Err(error) => Err(journal(error)),
        }
    }

    async fn signals(&self, id: &str) -> Result<Vec<Recorded>, Failure> {
        let id = id.to_owned();
        self.read(move |trail| trail.named(&id, MOST_NAMED)).await
    }

    async fn signal(&self, id: &str, source: &str) -> Result<Option<Recorded>, Failure> {
        let (id, source) = (id.to_owned(), source.to_owned());
        let found = self.read(move |trail| Ok(trail.find_of(&source, &id)?.into_iter().collect()));
        Ok(found.await?.pop())
    }

    /// Reads the trail, where there is one, on a thread that may block.
    async fn read(
        &self,
        read: impl FnOnce(Trail) -> Result<Vec<Recorded>, LogError> + Send + 'static,
    ) -> Result<Vec<Recorded>, Failure> {
        let Some(trail) = self.trail.clone() else {
            return Ok(Vec::new());
        };
        let done = tokio::task::spawn_blocking(move || read(trail)).await;
        let done = done.map_err(|error| {
            Failure::misconfigured("log.failed", "could not read the log").because(error)
        })?;
        done.map_err(|error| {
            Failure::misconfigured(error.kind().code(), error.to_string()).because(error)
        })
    }
}

/// What runs were given and what they answered is no part of a story, and may be large.
fn without_data(mut timeline: Timeline) -> Timeline {
    (timeline.input, timeline.body) = (Value::Null, None);
    for span in &mut timeline.spans {
        span.detail = None;
    }
    timeline
}

fn journal(error: EngineError) -> Failure {
    Failure::misconfigured("journal.failed", error.to_string()).because(error)
}

impl Teller {
    /// The story of a root, as far as the bounds go.
    pub(crate) async fn tell(&self, root: Root, bounds: Bounds) -> Result<Story, Failure> {
        let mut growing = Growing {
            teller: self,
            bounds,
            story: Story::default(),
            places: HashMap::new(),
            runs: HashMap::new(),
            next: VecDeque::new(),
        };
        let found = match root {
            Root::Signal(signal) => Found::Signal(signal),
            Root::Run(run) => Found::Run(run),
            Root::Several(_) | Root::Nothing => return Ok(growing.story),
        };
        growing.story.because = growing.because(&found).await?;
        growing.add(found, 0);
        while let Some((place, depth, found)) = growing.next.pop_front() {
            growing.expand(place, depth, found).await?;
        }
        Ok(growing.story)
    }
}

/// A story that grows, the nearest first.
struct Growing<'a> {
    teller: &'a Teller,
    bounds: Bounds,
    story: Story,
    places: HashMap<Key, usize>,
    /// The runs that were looked for.
    runs: HashMap<String, Option<Arc<Timeline>>>,
    /// What is to be expanded: its place, its depth, and what it is.
    next: VecDeque<(usize, usize, Found)>,
}

impl Growing<'_> {
    /// What caused the first of a story.
    async fn because(&mut self, found: &Found) -> Result<Vec<What>, Failure> {
        let mut because = Vec::new();
        match found {
            Found::Signal(signal) => {
                let emitter = self.emitter(signal).await?;
                for id in signal.causes().into_iter().take(MOST_CAUSES) {
                    let mut seen = self.teller.signals(&id).await?;
                    if let Some(run) = &emitter {
                        seen.retain(|seen| may_have_had(run, &event(seen)));
                    }
                    if seen.is_empty() {
                        because.push(What::Unseen { id, source: None });
                    }
                    // Of several sources that have given the id, nobody knows which is meant.
                    let seen = seen.iter().map(|seen| What::Signal(Signal::of(seen)));
                    because.extend(seen.take(MOST_CAUSES));
                }
            }
            Found::Run(run) => {
                if let Some(EventId { source, id }) = run.cause.clone() {
                    let seen = self.teller.signal(&id, &source).await?;
                    let source = Some(source);
                    let unseen = What::Unseen { id, source };
                    because.push(seen.map_or(unseen, |seen| What::Signal(Signal::of(&seen))));
                }
            }
            Found::Span(_) => {}
        }
        Ok(because)
    }

    /// Adds one to the story, unless it is there or there is no room: its place.
    fn add(&mut self, found: Found, depth: usize) -> Option<usize> {
        let key = match &found {
            Found::Signal(signal) => Some(Key::Signal(signal.sequence())),
            Found::Run(run) => Some(Key::Run(run.id.clone())),
            Found::Span(_) => None,
        };
        if let Some(place) = key.as_ref().and_then(|key| self.places.get(key)) {
            return Some(*place);
        }
        if depth > self.bounds.depth {
            self.story.is_deeper = true;
            return None;
        }
        let place = self.story.nodes.len();
        if place >= self.bounds.most {
            self.story.more += 1;
            return None;
        }
        let what = match &found {
            Found::Signal(signal) => What::Signal(Signal::of(signal)),
            Found::Run(run) => What::Run(Run::of(run)),
            Found::Span(span) => What::Span(span.clone()),
        };
        let (below, from) = (Vec::new(), None);
        self.story.nodes.push(Node { what, below, from });
        self.places.extend(key.map(|key| (key, place)));
        self.next.push_back((place, depth, found));
        Some(place)
    }

    async fn expand(&mut self, place: usize, depth: usize, found: Found) -> Result<(), Failure> {
        let below = match found {
            Found::Signal(signal) => self.below_signal(&signal).await?,
            Found::Run(run) => run
                .spans
                .iter()
                .filter_map(Span::of)
                .map(Found::Span)
                .collect(),
            Found::Span(span) => self.below_span(&span).await?,
        };
        for found in below {
            let next = self.story.nodes.len();
            let Some(below) = self.add(found, depth + 1) else {
                continue;
            };
            if below == next
                && let Some(node) = self.story.nodes.get_mut(below)
            {
                node.from = Some(place);
            }
            if let Some(node) = self.story.nodes.get_mut(place)
                && !node.below.contains(&below)
            {
                node.below.push(below);
            }
        }
        Ok(())
    }

    /// The runs that a signal has started, or that have sent what it caused; and what it caused without
    /// any.
    async fn below_signal(&mut self, signal: &Recorded) -> Result<Vec<Found>, Failure> {
        // One more than there is room for, so that it is known that there is more.
        let room = self.bounds.most.saturating_sub(self.story.nodes.len());
        let (id, most) = (signal.id().to_owned(), room + 1);
        let effects = self
            .teller
            .read(move |trail| trail.first_effects(&id, most));
        let effects = effects.await?;
        let (mut runs, mut others): (Vec<Arc<Timeline>>, _) = (Vec::new(), Vec::new());
        let event = event(signal);
        let started = self.run(&run_id(signal)).await?;
        runs.extend(started.filter(|run| run.cause.as_ref() == Some(&event)));
        for effect in effects {
            match self.emitter(&effect).await? {
                None => others.push(Found::Signal(effect)),
                Some(run) if !may_have_had(&run, &event) => {}
                Some(run) if runs.iter().any(|known| known.id == run.id) => {}
                Some(run) => runs.push(run),
            }
        }
        Ok(runs.into_iter().map(Found::Run).chain(others).collect())
    }

    /// What a run has sent there.
    async fn below_span(&self, span: &Span) -> Result<Vec<Found>, Failure> {
        let sent = span.event.as_ref().filter(|_| span.kind == Kind::Emit);
        let Some(EventId { source, id }) = sent else {
            return Ok(Vec::new());
        };
        let signal = self.teller.signal(id, source).await?;
        Ok(signal.into_iter().map(Found::Signal).collect())
    }

    /// The run that has sent a signal.
    async fn emitter(&mut self, signal: &Recorded) -> Result<Option<Arc<Timeline>>, Failure> {
        for id in candidates(signal.id()) {
            let run = self.run(&id).await?;
            if let Some(run) = run.filter(|run| has_emitted(run, signal)) {
                return Ok(Some(run));
            }
        }
        Ok(None)
    }

    async fn run(&mut self, id: &str) -> Result<Option<Arc<Timeline>>, Failure> {
        if let Some(known) = self.runs.get(id) {
            return Ok(known.clone());
        }
        let found = self.teller.run(id).await?;
        self.runs.insert(id.to_owned(), found.clone());
        Ok(found)
    }
}

fn event(signal: &Recorded) -> EventId {
    EventId {
        source: signal.source().to_owned(),
        id: signal.id().to_owned(),
    }
}

/// Whether a run has emitted a signal.
fn has_emitted(run: &Timeline, signal: &Recorded) -> bool {
    let event = Some(event(signal));
    let mut spans = run.spans.iter();
    spans.any(|span| span.kind == Kind::Emit && span.event == event)
}

/// Whether a run has had an event: signals name their causes without their sources, and runs know those.
fn may_have_had(run: &Timeline, event: &EventId) -> bool {
    let came = run
        .spans
        .iter()
        .filter(|span| matches!(span.kind, Kind::Signal | Kind::Wait));
    let had = run
        .cause
        .iter()
        .chain(came.filter_map(|span| span.event.as_ref()));
    let mut named = had.filter(|had| had.id == event.id).peekable();
    named.peek().is_none() || named.any(|had| had.source == event.source)
}

impl Signal {
    fn of(signal: &Recorded) -> Self {
        Self {
            ty: signal.ty().to_string(),
            id: signal.id().to_owned(),
            source: signal.source().to_owned(),
            subject: signal.subject().map(str::to_owned),
            sequence: signal.sequence(),
            recorded: signal.recorded_at(),
        }
    }
}

impl Run {
    fn of(timeline: &Timeline) -> Self {
        Self {
            id: timeline.id.clone(),
            workflow: timeline.workflow.clone(),
            version: timeline.version,
            status: timeline.status,
            started: timeline.started,
            ended: timeline.ended,
        }
    }
}

impl Span {
    /// What is told of a part of a run: what came to it is told where it is waited for.
    fn of(span: &Recalled) -> Option<Self> {
        if matches!(span.kind, Kind::Signal | Kind::FanOut) {
            return None;
        }
        // Behind the code there is a message, which may say anything.
        let note = match (span.kind, span.state) {
            (Kind::Step | Kind::Sleep | Kind::Wait | Kind::Undo, State::Failed) => {
                span.note.split(": ").next().unwrap_or_default()
            }
            _ => &span.note,
        };
        Some(Self {
            kind: span.kind,
            path: span.path.clone(),
            state: span.state,
            attempts: span.attempts,
            started: span.started,
            ended: span.ended,
            note: note.to_owned(),
            event: span.event.clone(),
        })
    }
}
