//! Where a journal is, and how it is opened.

use std::time::Duration;

/// Where in a database the journal is, and how long leases last.
///
/// ```
/// # use std::time::Duration;
/// use enact_workflow::journal::postgres::Options;
///
/// let options = Options::default()
///     .schema("orders")
///     .lease(Duration::from_secs(5));
/// # let _ = options;
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    pub(super) schema: String,
    pub(super) lease: Duration,
    pub(super) tables: Option<String>,
    #[cfg(feature = "postgres-tls")]
    pub(super) trust: Option<std::path::PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            schema: "enact".to_owned(),
            lease: Duration::from_secs(15),
            tables: None,
            #[cfg(feature = "postgres-tls")]
            trust: None,
        }
    }
}

impl Options {
    /// The schema that has the journal's tables: lower-case letters, digits and `_`, 63 at most. `enact`
    /// by default.
    #[must_use]
    pub fn schema(self, schema: impl Into<String>) -> Self {
        Self {
            schema: schema.into(),
            ..self
        }
    }

    /// How long what this worker has stays its own when it is not heard of. 15 seconds by default.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// After which pause in a transaction the server ends a session.
    pub(super) fn most_idle(&self) -> Duration {
        self.lease.max(Duration::from_secs(1))
    }

    /// SQL that makes the tables that steps write to with [`transact::postgres`](crate::transact::postgres), where
    /// they are not there yet; a worker runs it when it opens the journal, one worker after the other.
    #[must_use]
    pub fn tables(self, sql: impl Into<String>) -> Self {
        Self {
            tables: Some(sql.into()),
            ..self
        }
    }

    /// A file of certificates in PEM whose owners alone may prove who a server is, instead of those whom the platform
    /// trusts: an authority of your own, or of whoever hosts the database. It is read at each connection.
    #[cfg(feature = "postgres-tls")]
    #[must_use]
    pub fn trust(self, file: impl Into<std::path::PathBuf>) -> Self {
        Self {
            trust: Some(file.into()),
            ..self
        }
    }
}
