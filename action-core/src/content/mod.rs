//! Outputs that a model looks at or listens to, where JSON would say nothing to it.

mod block;
mod bytes;

use std::any::TypeId;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::block::{Block, Body, Resource};
pub use self::bytes::Bytes;
use crate::action::Run;

/// An output that a model looks at or listens to: blocks of text, images, sound and documents.
///
/// A server of MCP answers with the blocks as they are. The answer to another vendor's call has them in
/// that vendor's form; where the vendor has none for a block, a line of text says what was left out.
/// Everywhere else, as on the command line and in a journal, it is JSON like any output: the list of
/// blocks as MCP writes them, bytes as Base64 ([RFC 4648](https://www.rfc-editor.org/rfc/rfc4648), section 4).
///
/// ```
/// # extern crate enact_action_core as enact;
/// use enact::content::{Content, Resource};
/// use enact::prelude::*;
///
/// /// Draws what was sold, day by day.
/// #[derive(Action)]
/// #[action(effect = read)]
/// struct DrawSales {
///     /// How many days.
///     #[param(min = 1, max = 31)]
///     days: u8,
/// }
///
/// impl Run for DrawSales {
///     type Output = Content;
///     async fn run(&self, _cx: &Context) -> Result<Content, Failure> {
///         let (picture, table) = (vec![0x89, b'P', b'N', b'G'], "day,sold\n1,7\n");
///         Ok(Content::new()
///             .text(format!("The last {} days:", self.days))
///             .image("image/png", picture)
///             .resource(Resource::text("file:///sales.csv", table).mime("text/csv")))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failure> {
/// let content = DrawSales::new(1).exec(&Context::new()).await?;
/// let json = serde_json::to_value(&content).unwrap();
/// assert_eq!(json[1], serde_json::json!({"type": "image", "data": "iVBORw==", "mimeType": "image/png"}));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Content {
    blocks: Vec<Block>,
}

impl Content {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds text.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.with(Block::Text { text: text.into() })
    }

    /// Adds an image of that media type, as `image/png`.
    #[must_use]
    pub fn image(self, mime: impl Into<String>, data: impl Into<Bytes>) -> Self {
        self.with(Block::Image {
            data: data.into(),
            mime: mime.into(),
        })
    }

    /// Adds sound of that media type, as `audio/wav`.
    #[must_use]
    pub fn audio(self, mime: impl Into<String>, data: impl Into<Bytes>) -> Self {
        self.with(Block::Audio {
            data: data.into(),
            mime: mime.into(),
        })
    }

    /// Adds a document.
    #[must_use]
    pub fn resource(self, resource: Resource) -> Self {
        self.with(Block::Resource { resource })
    }

    /// Adds a block.
    #[must_use]
    pub fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// The blocks, in order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The blocks, in order.
    pub fn into_blocks(self) -> Vec<Block> {
        self.blocks
    }
}

impl FromIterator<Block> for Content {
    fn from_iter<I: IntoIterator<Item = Block>>(blocks: I) -> Self {
        Self {
            blocks: blocks.into_iter().collect(),
        }
    }
}

/// Whether an action answers with content.
pub(crate) fn is_output_of<A: Run>() -> bool {
    TypeId::of::<A::Output>() == TypeId::of::<Content>()
}
