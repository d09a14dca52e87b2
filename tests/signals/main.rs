//! Signals as types, their envelopes, and CloudEvents on the wire.
