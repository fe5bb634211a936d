//! The catalogue of clips.

pub mod captions;
