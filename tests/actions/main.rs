//! Actions end to end, through the facade: running, undoing, cancelling, the registry.

mod cancelling;
mod context;
mod deriving;
mod failures;
mod registry;
mod retrying;
mod telemetry;

mod undoing;
mod world;
