//! What happens to a question, from its arrival to the asker's page, on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod intake;
mod retention;
mod stage;
