//! Files on their way in and out, through the real router: tus uploads, tickets, media.

#[path = "../support/mod.rs"]
mod support;

mod client;
mod tickets;
mod tus;
mod tus_faults;
