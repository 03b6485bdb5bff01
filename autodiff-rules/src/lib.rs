//! The derivative rules.
