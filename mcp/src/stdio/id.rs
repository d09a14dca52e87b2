//! Finds the id of a message without keeping the message.

/// The longest id that is looked for, in bytes.
const LONGEST: usize = 256;

/// Where in a text the next byte is.
#[derive(Default)]
enum Text {
    #[default]
    Outside,
    Inside,
    Escaped,
}

/// What has been seen of a message.
#[derive(Default)]
pub(super) struct Id {
    depth: usize,
    text: Text,
    /// The text or the scalar at the top that is being read.
    token: Vec<u8>,
    /// The last key at the top was `id`, and its value is to come.
    is_next: bool,
    found: Option<String>,
    /// The first byte, without a mark of the byte order.
    first: Option<u8>,
}

impl Id {
    /// Sees the next piece.
    pub(super) fn see(&mut self, piece: &[u8]) {
        if self.first.is_none() {
            let mut bytes = piece.iter().copied();
            self.first = bytes.find(|byte| byte.is_ascii() && !byte.is_ascii_whitespace());
        }
        for byte in piece {
            self.byte(*byte);
        }
    }

    /// The id as it was written, where there is one: a text or a whole number.
    pub(super) fn found(self) -> Option<String> {
        let id = self.found?;
        let value: serde_json::Value = serde_json::from_str(&id).ok()?;
        (value.is_string() || value.is_i64() || value.is_u64()).then_some(id)
    }

    /// Whether it is a batch of messages, whose ids are their own.
    pub(super) fn is_batch(&self) -> bool {
        self.first == Some(b'[')
    }

    fn byte(&mut self, byte: u8) {
        if !matches!(self.text, Text::Outside) {
            self.keep(byte);
            self.text = match (&self.text, byte) {
                (Text::Inside, b'\\') => Text::Escaped,
                (Text::Inside, b'"') => Text::Outside,
                _ => Text::Inside,
            };
            return;
        }
        match byte {
            b'"' => {
                self.text = Text::Inside;
                self.keep(byte);
            }
            b':' if self.depth == 1 => self.is_next = std::mem::take(&mut self.token) == b"\"id\"",
            b',' if self.depth == 1 => self.value(),
            b'{' | b'[' => {
                self.depth += 1;
                self.token.clear();
            }
            b'}' | b']' => {
                if self.depth == 1 {
                    self.value();
                }
                self.depth = self.depth.saturating_sub(1);
            }
            b' ' | b'\t' | b'\r' => {}
            _ => self.keep(byte),
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.depth == 1 && self.token.len() < LONGEST {
            self.token.push(byte);
        }
    }

    fn value(&mut self) {
        let token = std::mem::take(&mut self.token);
        if std::mem::take(&mut self.is_next) {
            self.found = String::from_utf8(token).ok();
        }
    }
}
