//! Ishara (إشارة): a sign-language content manager.

pub mod cli;
pub mod text;
