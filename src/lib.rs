//! Ishara (إشارة): a sign-language content manager.
//!
//! The direction of dependencies, checked by `tests/house.rs`:
//! `web -> {catalog, questions} -> {jobs, search, matching, store, channels, db, audit, people} -> {ids, clock, text}`;
//! `questions -> catalog` is allowed, the reverse never.

pub mod app;
pub mod audit;
pub mod cage;
pub mod catalog;
pub mod channels;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod ids;
pub mod jobs;
pub mod matching;
pub mod memory;
pub mod people;
pub mod questions;
pub mod refusal;
pub mod seal;
pub mod search;
pub mod sentence;
pub mod store;
pub mod text;
pub mod uploads;
pub mod web;
