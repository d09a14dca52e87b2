//! A reader of lines that puts a short message in the place of one that is too long, or no JSON, and each message of a batch on a
//! line of its own.
//!
//! The protocol's library drops such a line, so that whoever waits for its answer waits for ever. The message put in its place
//! has the same id, and is answered with an error. The messages of a batch, which the revision 2025-03-26 has, are answered each.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use serde_json::value::RawValue;
use tokio::io::{AsyncRead, ReadBuf};

use super::id::Id;

/// The method of the message that is put in the place of one that is too long.
pub(crate) const TOO_LONG: &str = "enact/tooLong";

/// The method of the message that is put in the place of what is no JSON.
pub(crate) const NO_JSON: &str = "enact/noJson";

/// What some programs write before all else: the mark of the byte order.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A batch of nothing, which is no request.
const EMPTY: &[u8] = b"[]\n";

/// How much is read at once.
const CHUNK: usize = 8 << 10;

/// Hands on whole lines that are short enough, and JSON.
pub(super) struct Checked<R> {
    inner: R,
    most: usize,
    /// The line that is being read, without its end.
    line: Vec<u8>,
    /// Whether it is the first.
    is_first: bool,
    /// What of a line that is too long has been seen.
    long: Option<Id>,
    /// What is to be handed on.
    out: Vec<u8>,
    handed: usize,
    chunk: Box<[u8]>,
}

impl<R> Checked<R> {
    pub(super) fn new(inner: R, most: usize) -> Self {
        Self {
            inner,
            most,
            line: Vec::new(),
            is_first: true,
            long: None,
            out: Vec::new(),
            handed: 0,
            chunk: vec![0; CHUNK].into_boxed_slice(),
        }
    }

    fn take(&mut self, read: usize) {
        let chunk = std::mem::take(&mut self.chunk);
        for piece in chunk[..read].split_inclusive(|byte| *byte == b'\n') {
            match piece.split_last() {
                Some((b'\n', piece)) => {
                    self.grow(piece);
                    self.end();
                }
                _ => self.grow(piece),
            }
        }
        self.chunk = chunk;
    }

    fn grow(&mut self, piece: &[u8]) {
        if let Some(id) = &mut self.long {
            id.see(piece);
        } else if self.line.len() + piece.len() > self.most {
            let mut id = Id::default();
            id.see(&self.line);
            id.see(piece);
            self.line = Vec::new();
            self.long = Some(id);
        } else {
            self.line.extend_from_slice(piece);
        }
    }

    fn end(&mut self) {
        let is_first = std::mem::take(&mut self.is_first);
        if let Some(id) = self.long.take() {
            tracing::warn!(target: crate::TARGET, most = self.most, "a message was too long");
            self.stand_in(id, TOO_LONG);
            return;
        }
        let line = std::mem::take(&mut self.line);
        let text = line.strip_prefix(MARK).filter(|_| is_first);
        let text = text.unwrap_or(&line);
        if !self.hand_on(text) {
            tracing::warn!(target: crate::TARGET, "a line was no JSON");
            let mut id = Id::default();
            id.see(text);
            self.stand_in(id, NO_JSON);
        }
        // Its room is for the next.
        self.line = line;
        self.line.clear();
    }

    /// Hands a line on, or each message of a batch; not, where it is no JSON.
    fn hand_on(&mut self, line: &[u8]) -> bool {
        let text = line.trim_ascii();
        if text.is_empty() {
            self.out.extend_from_slice(line);
            self.out.push(b'\n');
            return true;
        }
        let is_batch = text.starts_with(b"[");
        let batch = is_batch.then(|| serde_json::from_slice(text).unwrap_or_default());
        // An empty one is answered as what it is.
        let batch = batch.filter(|all: &Vec<&RawValue>| !all.is_empty());
        let messages = batch.unwrap_or_else(|| serde_json::from_slice(line).into_iter().collect());
        for message in &messages {
            self.out.extend_from_slice(message.get().as_bytes());
            self.out.push(b'\n');
        }
        !messages.is_empty()
    }

    /// Puts a message of that method in the place of a line.
    fn stand_in(&mut self, id: Id, method: &str) {
        if id.is_batch() {
            // The library answers it with an error without an id: which ones there were can't be told.
            self.out.extend_from_slice(EMPTY);
            return;
        }
        // Without an id nobody waits for an answer.
        if let Some(id) = id.found() {
            let text = format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"{method}\"}}\n");
            self.out.extend_from_slice(text.as_bytes());
        }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Checked<R> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.handed == this.out.len() {
            this.out.clear();
            this.handed = 0;
            let mut chunk = ReadBuf::new(&mut this.chunk);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut chunk))?;
            match chunk.filled().len() {
                0 => return Poll::Ready(Ok(())),
                read => this.take(read),
            }
        }
        let left = &this.out[this.handed..];
        let some = left.len().min(buf.remaining());
        buf.put_slice(&left[..some]);
        this.handed += some;
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::Checked;

    async fn through(most: usize, text: &str) -> String {
        let mut out = String::new();
        let mut checked = Checked::new(text.as_bytes(), most);
        checked.read_to_string(&mut out).await.unwrap();
        out
    }

    #[tokio::test]
    async fn lines_that_are_short_enough_go_through_as_they_are() {
        assert_eq!(through(5, "12345\n\n1\n").await, "12345\n\n1\n");
    }

    #[tokio::test]
    async fn in_the_place_of_a_long_line_stands_a_short_one_of_the_same_id() {
        let long = "x".repeat(30_000);
        for (line, id) in [
            (
                format!(r#"{{"id":7,"params":{{"id":8,"x":"{long}"}}}}"#),
                "7",
            ),
            (
                format!(r#"{{"params":{{"id":8,"x":"{long}"}}, "id" : "a\"b" }}"#),
                r#""a\"b""#,
            ),
            (
                format!(r#"{{"x":["{long}",{{"id":1}}],"y":"\"id\":2","id":3}}"#),
                "3",
            ),
        ] {
            let text = format!("1\n{line}\n2\n");
            let wanted =
                format!("1\n{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"enact/tooLong\"}}\n2\n");
            assert_eq!(through(100, &text).await, wanted);
        }
    }

    #[tokio::test]
    async fn in_the_place_of_what_is_no_json_stands_a_message_of_the_same_id() {
        let cut = r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"add""#;
        let wanted = "1\n{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"enact/noJson\"}\n2\n";
        assert_eq!(through(100, &format!("1\n{cut}\n2\n")).await, wanted);
        // Nobody waits for these.
        assert_eq!(through(100, "1\nhello\n{\"id\":{}\n2\n").await, "1\n2\n");
    }

    #[tokio::test]
    async fn a_long_line_without_an_id_is_gone() {
        let long = "x".repeat(300);
        for line in [
            long.clone(),
            format!(r#"{{"method":"{long}"}}"#),
            format!(r#"{{"id":{{}},"x":"{long}"}}"#),
        ] {
            assert_eq!(through(100, &format!("{line}\n2\n")).await, "2\n");
        }
    }

    #[tokio::test]
    async fn a_mark_of_the_byte_order_before_all_is_gone_and_none_elsewhere() {
        assert_eq!(through(9, "\u{feff}1\n2\n").await, "1\n2\n");
        assert_eq!(through(9, "\u{feff}\n\u{feff}2\n3\n").await, "\n3\n");
    }

    #[tokio::test]
    async fn the_messages_of_a_batch_stand_on_lines_of_their_own() {
        let batch = r#" [ {"id":1.0} , {"id":"[1,2]"} ] "#;
        let wanted = "{\"id\":1.0}\n{\"id\":\"[1,2]\"}\n3\n";
        assert_eq!(through(100, &format!("{batch}\n3\n")).await, wanted);
    }

    #[tokio::test]
    async fn a_batch_that_is_empty_or_can_t_be_read_is_handed_on_as_one_of_nothing() {
        let long = format!(r#"[{{"id":1,"x":"{}"}}]"#, "x".repeat(300));
        for line in ["[]", r#"[{"id":1},{"id":2"#, " [1,", &*long] {
            let text = format!("{line}\n3\n");
            assert_eq!(through(100, &text).await, "[]\n3\n", "{line}");
            assert_eq!(through(100, &format!("\u{feff}{text}")).await, "[]\n3\n");
        }
        assert_eq!(through(100, " [ ] \n3\n").await, "[ ]\n3\n");
    }
}
