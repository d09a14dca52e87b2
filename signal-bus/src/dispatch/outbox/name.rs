//! Names that need nothing but quotes around them.

use crate::dispatch::{DispatchError, Kind};

/// The name of a table, where it is one.
pub(super) fn table(name: String) -> Result<String, DispatchError> {
    let part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.is_empty() || name.len() > 63 || !name.bytes().all(part) {
        let what = "it is no name of lower-case letters, digits and `_`, 63 at most";
        return Err(DispatchError::new(Kind::Misconfigured, &name, what));
    }
    Ok(name)
}
