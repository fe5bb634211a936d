//! Touches the walls from inside. A cage nobody pushes against is only believed to hold.

use super::Layer;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What to try. Each of these exists or listens, so that a failure means the wall and not absence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WallTest {
    pub readable_outside: PathBuf,
    pub writable_outside: PathBuf,
    /// A port of this machine with a listener.
    pub listening: u16,
    pub program: PathBuf,
    /// Do not answer for this long after the test, so that a test can look at the child from outside.
    pub stay_ms: u64,
}

/// What held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walls {
    pub layers: Vec<Layer>,
    pub read_denied: bool,
    pub write_denied: bool,
    pub connect_denied: bool,
    pub datagram_denied: bool,
    pub program_denied: bool,
}

impl Walls {
    /// Nothing got through.
    pub fn all_hold(&self) -> bool {
        self.read_denied
            && self.write_denied
            && self.connect_denied
            && self.datagram_denied
            && self.program_denied
    }
}

impl WallTest {
    pub(crate) fn run(&self, layers: Vec<Layer>) -> Walls {
        let walls = Walls {
            layers,
            read_denied: std::fs::read(&self.readable_outside).is_err(),
            write_denied: std::fs::write(self.writable_outside.join("escaped"), b"x").is_err(),
            connect_denied: std::net::TcpStream::connect(("127.0.0.1", self.listening)).is_err(),
            datagram_denied: std::net::UdpSocket::bind(("127.0.0.1", 0)).is_err(),
            program_denied: std::process::Command::new(&self.program).status().is_err(),
        };
        std::thread::sleep(std::time::Duration::from_millis(self.stay_ms));
        walls
    }
}
