//! The catalogue from outside: the API of clips through the real router, real media in the cage, the import.

#![allow(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod api;
mod checks;
mod client;
mod crowd;
mod glossary;
mod import;
mod media;
mod replaced;
