//! Memory that was needed for a moment and is not needed any more.

/// Gives freed memory back to the system. The allocator keeps it for later otherwise: a rebuilt index leaves its write
/// buffer behind, which is a tenth of what the program holds afterwards. Takes a few milliseconds.
pub fn give_back() {
    #[cfg(target_env = "gnu")]
    #[expect(unsafe_code, reason = "the C library's own call; nothing safe wraps it")]
    // SAFETY: malloc_trim may be called at any time from any thread, and touches only what is free.
    unsafe {
        libc::malloc_trim(0);
    }
}
