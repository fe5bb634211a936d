//! Ishara (إشارة): a sign-language content manager.

pub mod catalog;
pub mod cli;
pub mod text;
