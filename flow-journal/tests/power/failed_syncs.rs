//! A sync fails.
