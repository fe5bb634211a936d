//! The staff pages through the real router: who may open and do what, signing in and out, forms that are refused.

#![allow(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod file_forms;
mod forms;
mod next_links;
mod permissions;
mod series;
mod sign_in;
mod signed_names;
