//! Snapshots of whole expansions, as they are formatted under `tests/expand/`.
