//! One block of content, written as MCP writes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Bytes;

/// One block of [`Content`](super::Content).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Block {
    /// Text.
    Text {
        /// What it says.
        text: String,
    },
    /// An image.
    Image {
        /// The file.
        data: Bytes,
        /// Its media type, as `image/png`.
        #[serde(rename = "mimeType")]
        mime: String,
    },
    /// Sound.
    Audio {
        /// The file.
        data: Bytes,
        /// Its media type, as `audio/wav`.
        #[serde(rename = "mimeType")]
        mime: String,
    },
    /// A document.
    Resource {
        /// The document.
        resource: Resource,
    },
}

/// A document: where it is from, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resource {
    /// Where it is from; nothing need answer there.
    pub uri: String,
    /// Its media type, where that is known.
    #[serde(rename = "mimeType", default, skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// What is in it.
    #[serde(flatten)]
    pub body: Body,
}

/// What is in a [`Resource`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// Text.
    Text(String),
    /// Anything else.
    Blob(Bytes),
}

impl Resource {
    /// A document of text.
    pub fn text(uri: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            uri: uri.into(),
            mime: None,
            body: Body::Text(text.into()),
        }
    }

    /// A document of anything else.
    pub fn blob(uri: impl Into<String>, data: impl Into<Bytes>) -> Self {
        Self {
            uri: uri.into(),
            mime: None,
            body: Body::Blob(data.into()),
        }
    }

    /// Sets its media type, as `text/csv`.
    #[must_use]
    pub fn mime(mut self, mime: impl Into<String>) -> Self {
        self.mime = Some(mime.into());
        self
    }
}
