//! What a client hears of a call before its answer: progress, and what is logged.

use enact_action_core::context::Progress;
use rmcp::RoleServer;
use rmcp::model::{Notification, ProgressNotificationParam, ServerNotification};
use rmcp::service::{OriginatingRequestId, RequestContext, ServiceError};

use crate::TARGET;
use crate::logs::Line;

/// How much of it waits for a client that does not read; what is beyond is not told.
pub(crate) const UNTOLD: usize = 64;

/// One thing that it hears.
#[derive(Debug)]
pub(crate) enum News {
    Progress(Progress),
    Line(Line),
}

/// Tells one client of one call.
pub(crate) struct Teller<'a> {
    asked: &'a RequestContext<RoleServer>,
    /// How far it was, when that was last told.
    done: Option<u64>,
}

impl<'a> Teller<'a> {
    pub(crate) fn new(asked: &'a RequestContext<RoleServer>) -> Self {
        Self { asked, done: None }
    }

    pub(crate) async fn tell(&mut self, news: News) {
        let told = match news {
            News::Progress(progress) => self.progress(progress).await,
            News::Line(line) => self.line(line).await,
        };
        if let Err(error) = told {
            tracing::debug!(target: TARGET, %error, "news of a call were not told");
        }
    }

    /// Tells how far it is, unless it is no step forward: the protocol wants progress to grow.
    async fn progress(&mut self, progress: Progress) -> Result<(), ServiceError> {
        let Some(token) = self.asked.meta.get_progress_token() else {
            return Ok(());
        };
        if self.done.is_some_and(|done| progress.done <= done) {
            return Ok(());
        }
        self.done = Some(progress.done);
        let mut param = ProgressNotificationParam::new(token, float(progress.done));
        param.total = progress.total.map(float);
        param.message = progress.message;
        self.asked.peer.notify_progress(param).await
    }

    async fn line(&self, line: Line) -> Result<(), ServiceError> {
        let mut notification = Notification::new(line.param());
        // It belongs to the stream of the call.
        let of = OriginatingRequestId(self.asked.id.clone());
        notification.extensions.insert(of);
        let told = ServerNotification::LoggingMessageNotification(notification);
        self.asked.peer.send_notification(told).await
    }
}

/// JSON has no other numbers; beyond 2^53 they are near enough.
#[expect(clippy::cast_precision_loss, reason = "it is for a bar")]
fn float(number: u64) -> f64 {
    number as f64
}
