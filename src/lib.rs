//! Ishara (إشارة): a sign-language content manager.
