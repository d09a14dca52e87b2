//! Tests of timelines: what is drawn, how much of it, and that no text is more than a text.

mod bounds;
mod page;
mod sample;
mod text;
