//! The table of `flow-core/docs/endings.md`: a file for each group of rows, a test for each row,
//! and an assertion for each cell.

mod destructors;
mod errors;
mod given_up;
mod limits;
mod on_purpose;
mod scene;
