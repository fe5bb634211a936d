//! Everything Ishara does with FFmpeg. Pure and blocking: no tokio, no database, no HTTP.
