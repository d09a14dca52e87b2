//! Digests and sizes of JSON, taken without writing it anywhere.

use std::io::{self, Write};

use serde_json::Value;

/// A digest of these values, the same in every build (FNV-1a over their JSON).
pub(super) fn digest<'j>(values: impl IntoIterator<Item = Option<&'j Value>>) -> u64 {
    let mut digest = Digest(0xcbf2_9ce4_8422_2325);
    for value in values {
        serde_json::to_writer(&mut digest, &value).expect("writing to a digest does not fail");
        digest.add(b"\0");
    }
    digest.0
}

/// How many bytes the value has, written as JSON without spaces.
pub(in crate::plan) fn bytes(value: &Value) -> usize {
    let mut count = Count(0);
    serde_json::to_writer(&mut count, value).expect("counting does not fail");
    count.0
}

struct Digest(u64);

impl Digest {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Write for Digest {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
