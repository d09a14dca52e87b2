//! A connection that is made when it is first wanted, and made anew when it was lost.

use std::fmt;

use tokio::sync::Mutex;

use super::error::DispatchError;

/// A connection that is made when it is first wanted, and made anew when it was lost.
pub(super) struct Link<C>(Mutex<Option<C>>);

impl<C> Default for Link<C> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<C: Clone> Link<C> {
    /// The connection that is there and fit, or a new one.
    pub(super) async fn share(
        &self,
        is_fit: impl Fn(&C) -> bool,
        connect: impl Future<Output = Result<C, DispatchError>>,
    ) -> Result<C, DispatchError> {
        let mut link = self.0.lock().await;
        if let Some(connection) = link.as_ref().filter(|there| is_fit(there)) {
            return Ok(connection.clone());
        }
        *link = None;
        let connection = connect.await?;
        *link = Some(connection.clone());
        Ok(connection)
    }

    /// Forgets the connection.
    #[cfg(feature = "redis")]
    pub(super) async fn lose(&self) {
        *self.0.lock().await = None;
    }
}

impl<C> fmt::Debug for Link<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").finish_non_exhaustive()
    }
}
