//! Uses of the macros that are odd and right: each file compiles as it stands and does what it says.
#![allow(
    clippy::all,
    clippy::nursery,
    clippy::pedantic,
    clippy::restriction,
    unreachable_pub,
    reason = "what is odd is what is tested"
)]

pub mod actions;
mod params;
mod signals;
