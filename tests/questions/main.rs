//! What happens to a question, from its arrival to the asker's page, on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod aside;
mod asker;
mod bad_input;
mod briefs;
mod desk;
mod http;
mod intake;
mod late;
mod learning;
mod messages;
mod replies;
mod retention;
mod sending;
mod signed;
mod signed_talk;
mod stage;
mod webhook;
