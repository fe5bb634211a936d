//! What the matcher is taught while it runs: the team's lexicon and the confirmed wordings. Replaced as a whole, so
//! that one question sees one state; no restart.

use super::learned::Learned;
use super::lexicon::Lexicon;
use std::sync::{Arc, PoisonError, RwLock};

/// One state of what was taught.
#[derive(Debug, Clone)]
pub struct Taught {
    pub lexicon: Arc<Lexicon>,
    pub learned: Arc<Learned>,
}

/// The current state, shared by all clones of a matcher.
#[derive(Debug, Clone)]
pub struct Tuition(Arc<RwLock<Taught>>);

impl Tuition {
    /// Starts with a lexicon and nothing learned.
    pub fn new(lexicon: Lexicon) -> Tuition {
        let taught = Taught { lexicon: Arc::new(lexicon), learned: Arc::default() };
        Tuition(Arc::new(RwLock::new(taught)))
    }

    /// The state at this moment. A panic elsewhere cannot have left it half changed.
    pub fn current(&self) -> Taught {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From the next question on this list is used.
    pub fn use_lexicon(&self, lexicon: Lexicon) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).lexicon = Arc::new(lexicon);
    }

    /// From the next question on this classifier is used.
    pub fn use_learned(&self, learned: Learned) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).learned = Arc::new(learned);
    }
}
