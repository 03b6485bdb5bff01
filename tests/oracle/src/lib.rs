//! Independent oracle.
