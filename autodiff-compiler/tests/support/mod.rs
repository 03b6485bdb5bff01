//! What the integration tests of the compiler share.

pub mod reader;
