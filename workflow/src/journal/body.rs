//! What a store keeps without looking into it: JSON, packed where it is large.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// From how many bytes on JSON is packed.
const PACKED_FROM: usize = 1024;
/// How many bytes one byte of an LZ4 block can stand for, by its format.
const MOST_PACKED: usize = 255;

/// What is sealed begins with a length that nothing packed has, and a byte that says more.
pub(crate) const SEALED: [u8; 5] = [0, 0, 0, 0, 1];
/// How what was sealed and can't be opened is handed on, with a byte that says why.
#[cfg(feature = "sealed")]
const SHUT: [u8; 4] = [0; 4];
/// The byte of what is in clear where all has to be sealed.
const CLEAR: u8 = 3;

/// JSON as a journal keeps it.
///
/// Text of 1 KiB and more is packed with LZ4, where that makes it smaller. Stores keep the two apart, so that
/// what is small can be read with the database's own tools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The JSON itself.
    Text(String),
    /// The JSON's length in 4 bytes, little endian, and an LZ4 block. A length of 0 is not one of JSON: what has it is
    /// sealed.
    Packed(Vec<u8>),
}

/// A body that can't be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("it claims to hold more than it can")]
    Length,
    #[error("it is sealed with key {0}, which is not given")]
    Key(u32),
    #[error("it was changed, or moved from elsewhere, after it was sealed")]
    Changed,
    #[error("it is in clear, where all has to be sealed")]
    Clear,
    #[error(transparent)]
    Packed(#[from] lz4_flex::block::DecompressError),
    #[error(transparent)]
    Text(#[from] std::string::FromUtf8Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl Body {
    pub(crate) fn of(value: &impl Serialize) -> serde_json::Result<Self> {
        Ok(Self::text(serde_json::to_string(value)?))
    }

    /// What is JSON already.
    ///
    /// # Errors
    /// Where it is no text, which what writes JSON never makes.
    pub(crate) fn of_json(json: Vec<u8>) -> serde_json::Result<Self> {
        let text = String::from_utf8(json).map_err(serde::ser::Error::custom)?;
        Ok(Self::text(text))
    }

    fn text(text: String) -> Self {
        if text.len() < PACKED_FROM {
            return Self::Text(text);
        }
        let packed = lz4_flex::block::compress_prepend_size(text.as_bytes());
        if packed.len() < text.len() {
            Self::Packed(packed)
        } else {
            Self::Text(text)
        }
    }

    /// What stands for something that was changed since it was sealed.
    #[cfg(feature = "sealed")]
    pub(crate) fn changed() -> Self {
        Self::Packed(SHUT.to_vec())
    }

    /// What stands for something that should be sealed and is not.
    #[cfg(feature = "sealed")]
    pub(crate) fn in_clear() -> Self {
        Self::Packed([&SHUT[..], &[CLEAR]].concat())
    }

    /// Why it can't be looked into, where it is sealed.
    pub(crate) fn shut(&self) -> Option<Unreadable> {
        let Self::Packed(packed) = self else {
            return None;
        };
        if let Some(rest) = packed.strip_prefix(&SEALED) {
            let key = rest.first_chunk();
            return Some(key.map_or(Unreadable::Changed, |key| {
                Unreadable::Key(u32::from_le_bytes(*key))
            }));
        }
        match packed.strip_prefix(&SEALED[..4])? {
            [CLEAR] => Some(Unreadable::Clear),
            _ => Some(Unreadable::Changed),
        }
    }

    /// The JSON.
    ///
    /// # Errors
    /// Where it is damaged or sealed.
    pub(crate) fn json(&self) -> Result<Cow<'_, str>, Unreadable> {
        if let Some(why) = self.shut() {
            return Err(why);
        }
        match self {
            Self::Text(text) => Ok(Cow::Borrowed(text)),
            Self::Packed(packed) => {
                let (length, block) = packed.split_first_chunk().ok_or(Unreadable::Length)?;
                let length = u32::from_le_bytes(*length) as usize;
                if length > block.len().saturating_mul(MOST_PACKED) {
                    return Err(Unreadable::Length);
                }
                let text = lz4_flex::block::decompress(block, length)?;
                Ok(Cow::Owned(String::from_utf8(text)?))
            }
        }
    }

    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Unreadable> {
        Ok(serde_json::from_str(&self.json()?)?)
    }

    /// What is kept, byte for byte.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Packed(packed) => packed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Body;

    #[test]
    fn what_is_large_is_packed_and_read_back() {
        let small = Body::of(&"short").unwrap();
        assert_eq!(small, Body::Text("\"short\"".to_owned()));
        let long = "a line that is there again and again; ".repeat(100);
        let packed = Body::of(&long).unwrap();
        assert!(matches!(&packed, Body::Packed(bytes) if bytes.len() < long.len() / 10));
        assert_eq!(packed.read::<String>().unwrap(), long);
    }

    #[test]
    fn what_claims_to_be_huge_is_an_error_and_takes_no_memory() {
        let packed = Body::Packed(vec![0xff, 0xff, 0xff, 0xff, 0x10, 0x41]);
        assert!(packed.json().is_err());
    }
}
