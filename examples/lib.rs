//! The examples are programs: `cargo run --example hello`. This library is empty.
