//! What stands in the program's subscriber.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tracing::span::{Attributes, Id};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, Filter};
use tracing_subscriber::registry::LookupSpan;

use super::{CALL, Line, Listener, Shared, rank};
use crate::news::News;

/// Gives each line to whoever listens to the call that logs it.
pub(super) struct Hears {
    shared: Arc<Shared>,
    /// Whether it stands in a subscriber, which has it as long as that is there.
    is_installed: bool,
}

/// Lets only that through which somebody may want.
pub(super) struct Wanted(pub(super) Arc<Shared>);

impl Hears {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            is_installed: false,
        }
    }
}

impl<S> Layer<S> for Hears
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_layer(&mut self, _subscriber: &mut S) {
        if !std::mem::replace(&mut self.is_installed, true) {
            self.shared.installed.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// A span that a call opens keeps its listener, for tasks that run in it.
    fn on_new_span(&self, _attributes: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        if let (Ok(listener), Some(span)) = (CALL.try_with(Clone::clone), cx.span(id)) {
            span.extensions_mut().replace(listener);
        }
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        let here = CALL.try_with(Clone::clone).ok();
        let listener = here.or_else(|| {
            let mut scope = cx.event_scope(event)?;
            scope.find_map(|span| span.extensions().get::<Listener>().cloned())
        });
        let Some(listener) = listener else {
            return;
        };
        let metadata = event.metadata();
        if rank(*metadata.level()) <= listener.least.rank() {
            // Full: the client reads too slowly for all of it.
            drop(listener.tell.try_send(News::Line(Line::of(event))));
        }
    }
}

impl Drop for Hears {
    fn drop(&mut self) {
        if self.is_installed {
            self.shared.installed.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

impl<S> Filter<S> for Wanted {
    fn enabled(&self, metadata: &Metadata<'_>, _cx: &Context<'_, S>) -> bool {
        self.0.wants(metadata)
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.0.has(metadata.target()) {
            Interest::sometimes()
        } else {
            Interest::never()
        }
    }
}
