//! How much may be sent, and how much room must stay on the disk.

use std::io;
use std::path::Path;
use std::time::Duration;

const MIB: u64 = 1024 * 1024;
const GIB: u64 = 1024 * MIB;

/// An upload that nobody continues for this long expires.
pub const OPEN_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// A complete upload that is not used for this long expires.
pub const UNUSED_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// A ticket must be used within this time; the upload it opened may last longer.
pub const TICKET_FOR: Duration = Duration::from_secs(60 * 60);

/// What uploads are limited to. The defaults are the product's; tests lower them.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one upload by staff.
    pub staff_bytes: u64,
    /// Uploads one member of staff may have open.
    pub staff_open: i64,
    /// Bytes one member of staff may have in uploads that nothing uses yet.
    pub staff_stored: u64,
    /// Bytes of one signed question (`reference/deaf-users.md`, requirement 14).
    pub ticket_bytes: u64,
    /// Seconds of one signed question; checked when its content is looked at.
    pub ticket_seconds: i64,
    /// Bytes of all signed questions together that no question uses yet, so that strangers cannot fill the disk.
    pub tickets_stored: u64,
    /// Tickets that wait for their upload.
    pub tickets_waiting: i64,
    /// Tells the room on the disk.
    pub disk: fn(&Path) -> io::Result<Disk>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            staff_bytes: 2 * GIB,
            staff_open: 20,
            staff_stored: 40 * GIB,
            ticket_bytes: 200 * MIB,
            ticket_seconds: 90,
            tickets_stored: 20 * GIB,
            tickets_waiting: 2_000,
            disk: Disk::of,
        }
    }
}

/// The room on a file system, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Disk {
    /// Altogether.
    pub size: u64,
    /// What this program can still write.
    pub free: u64,
}

impl Disk {
    /// Asks the file system that holds `folder`.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let found = nix::sys::statvfs::statvfs(folder)?;
        let piece = found.fragment_size();
        Ok(Self { size: found.blocks() * piece, free: found.blocks_available() * piece })
    }

    /// Whether `more` bytes fit without touching the reserve: 5 % of the disk, at most 512 MB. The database and the
    /// running jobs need it to end cleanly.
    pub fn has_room_for(self, more: u64) -> bool {
        let reserve = (self.size / 20).min(512 * MIB);
        self.free >= reserve.saturating_add(more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_is_never_used() {
        let small = Disk { size: 1_000, free: 100 };
        assert!(small.has_room_for(50));
        assert!(!small.has_room_for(51));
        let large = Disk { size: 1_000 * GIB, free: 600 * MIB };
        assert!(large.has_room_for(88 * MIB));
        assert!(!large.has_room_for(89 * MIB));
    }

    #[test]
    fn a_real_folder_tells_its_room() {
        let disk = Disk::of(Path::new("/")).unwrap();
        assert!(disk.size >= disk.free && disk.size > 0);
    }
}
