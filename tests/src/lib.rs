//! The actions that every test speaks of.
