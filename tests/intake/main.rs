//! Files on their way in and out, through the real router: tus uploads, tickets, media.

#![allow(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod client;
mod media;
mod media_access;
mod shelf;
mod tickets;
mod tus;
mod tus_faults;
