//! How far a run is, drawn for who looks at a terminal.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use enact_action_core::context::Progress;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// A progress bar on the standard error; it draws nothing where that is no terminal.
///
/// It appears with the first progress, goes when all is done, and is cleared when it is dropped.
///
/// ```
/// use enact_action_core::context::Progress;
/// use enact_cli::{App, Exit, Io};
///
/// let app = App::new("shop").otherwise(|ui| async move {
///     let bar = ui.bar();
///     for n in 1..=3 {
///         bar.show(&Progress::new(n).of(3).at("counting"));
///     }
///     ui.show(&3, "counted to 3")
/// });
/// assert_eq!(app.run_from([""; 0], Io::captured(Vec::new(), Vec::new())), Exit::Ok);
/// ```
pub struct Bar {
    all: MultiProgress,
    drawn: Mutex<Option<ProgressBar>>,
}

impl Bar {
    pub(crate) fn new(all: MultiProgress) -> Self {
        Self {
            all,
            drawn: Mutex::new(None),
        }
    }

    /// Shows how far it is.
    pub fn show(&self, progress: &Progress) {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if progress.total.is_some_and(|total| progress.done >= total) {
            return clear(drawn.take());
        }
        let bar = drawn.get_or_insert_with(|| self.all.add(ProgressBar::no_length()));
        draw(bar, progress);
    }

    pub(crate) fn clear(&self) {
        clear(
            self.drawn
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}

impl fmt::Debug for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bar").finish_non_exhaustive()
    }
}

fn draw(bar: &ProgressBar, progress: &Progress) {
    if bar.length() != progress.total || bar.position() == 0 {
        bar.set_style(style(progress.total));
        match progress.total {
            Some(total) => bar.set_length(total),
            None => bar.enable_steady_tick(Duration::from_millis(120)),
        }
    }
    // The position first: a message is drawn at once, and shall stand beside its own.
    bar.set_position(progress.done);
    if let Some(message) = &progress.message {
        bar.set_message(message.clone());
    }
}

fn style(total: Option<u64>) -> ProgressStyle {
    let template = match total {
        Some(_) => "[{bar:30}] {pos}/{len} {wide_msg}",
        None => "{spinner} {pos} {wide_msg}",
    };
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}

fn clear(bar: Option<ProgressBar>) {
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}
