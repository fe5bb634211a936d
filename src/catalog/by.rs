//! On whose behalf something happens in the catalogue.

use crate::audit::Actor;
use crate::ids::StaffId;
use crate::people::Staff;

/// A member of staff, or the program itself (jobs, schedules, imports).
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// A signed-in person or their token.
    Staff(&'a Staff),
    /// The program.
    System,
}

impl By<'_> {
    /// For the audit chain.
    pub fn actor(self) -> Actor {
        match self {
            Self::Staff(staff) => Actor::Staff(staff.id),
            Self::System => Actor::System,
        }
    }

    /// Who becomes an author of what is changed; the program is nobody.
    pub fn author(self) -> Option<StaffId> {
        match self {
            Self::Staff(staff) => Some(staff.id),
            Self::System => None,
        }
    }
}
