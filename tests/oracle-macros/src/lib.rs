//! Macros of the oracle.
