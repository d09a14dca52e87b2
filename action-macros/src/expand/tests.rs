//! Snapshots of whole expansions.
