//! The promises of the rooms below the web, each kept on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod audit_chain;
mod change_feed;
mod clips;
mod job_queue;
mod job_runner;
mod lists;
mod matching_quality;
mod schema;
mod search_follower;
mod sentence_model;
mod staff;
mod transactions;
