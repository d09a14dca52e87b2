//! What a content type says: whether it declares events, and the charset of text.

use crate::envelope::{Data, Form};

/// The media type without its parameters, in lower case.
pub(super) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a media type, in lower case, declares events: in HTTP it tells modes apart, section 3.
pub(super) fn declares_events(essence: &str) -> bool {
    essence.starts_with("application/cloudevents")
}

/// Whether a media type declares text in UTF-8.
pub(super) fn is_text(media_type: &str) -> bool {
    let essence = essence(media_type);
    let (main, subtype) = essence.split_once('/').unwrap_or_default();
    let is_text = main == "text" || subtype == "xml" || subtype.ends_with("+xml");
    is_text
        && charset(media_type).is_none_or(|charset| {
            // ASCII is UTF-8.
            is_utf8(&charset) || matches!(&*charset, "us-ascii" | "ascii")
        })
}

/// The charset that data would be sent in and is not in: text of this process is UTF-8.
pub(super) fn wrong_charset(media_type: &str, data: &Data) -> Option<String> {
    if matches!(data.form(), Form::Bytes(_)) {
        return None;
    }
    let charset = charset(media_type)?;
    // In most others ASCII is what it is.
    let others = [
        "utf-16", "utf-32", "utf-7", "ucs-", "ebcdic", "ibm037", "cp037",
    ];
    let is_other = others.iter().any(|other| charset.starts_with(other));
    let is_ascii = || data.content().is_ok_and(<[u8]>::is_ascii);
    let holds = is_utf8(&charset) || (!is_other && is_ascii());
    (!holds).then_some(charset)
}

fn is_utf8(charset: &str) -> bool {
    matches!(charset, "utf-8" | "utf8")
}

/// The parameter `charset`, in lower case and without quotes.
fn charset(media_type: &str) -> Option<String> {
    let mut parameters = media_type.split(';').skip(1);
    parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    })
}
