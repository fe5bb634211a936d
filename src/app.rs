//! What the running program is made of, built once and cheap to clone.

use crate::cage::Cage;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::matching::{self, Lexicon, Matcher, Meanings};
use crate::people::Passwords;
use crate::seal::Sealer;
use crate::search::SearchIndex;
use crate::store::Store;
use crate::uploads::{Limits, Uploads};
use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

/// The parts of the program. Handlers and jobs get a clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts by name.
pub struct Parts {
    /// Settings.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// The rows.
    pub db: Db,
    /// The bytes.
    pub store: Store,
    /// Files on their way in.
    pub uploads: Uploads,
    /// The index of published clips: a cache of the rows.
    pub search: Arc<SearchIndex>,
    /// Which published clip answers a question.
    pub matcher: Matcher,
    /// The sentence model and the vectors of the answers; a follower fills it.
    pub meanings: Arc<Meanings>,
    /// Where a stranger's file is opened.
    pub cage: Cage,
    /// Seals personal text and signs links.
    pub sealer: Sealer,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Makes the data folder, opens the database and brings its schema up to date, and puts the parts together.
    pub async fn open(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("finding this program")?;
        Self::open_with_media_program(config, clock, program).await
    }

    /// The same with another program for media jobs: a test is not the program itself.
    pub async fn open_with_media_program(
        config: Config,
        clock: Clock,
        program: PathBuf,
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&config.data)
            .with_context(|| format!("making the data folder {}", config.data.display()))?;
        let sealer = Sealer::load_or_create(&config.secret_key_file)?;
        let db = Db::connect(config.database_url.expose_secret(), clock.clone()).await?;
        db.migrate().await.context("bringing the schema up to date")?;
        install_tls();
        let store = Store::open(&config.storage_url, &config.aws)?;
        let uploads =
            Uploads::open(db.clone(), store.clone(), &config.data.join("uploads"), Limits::default())?;
        let search = Arc::new(SearchIndex::open(&config.data.join("index")).context("opening the index")?);
        let fitted = matching::weights::current(&mut db.read().await?).await?;
        let meanings = Arc::new(Meanings::at(&config.model_dir));
        let matcher =
            Matcher::new(search.clone(), Lexicon::shipped()?, fitted).with_meanings(meanings.clone());
        let cage = Cage::new(program, config.data.join("scratch"))?.with_known_holes(config.known_holes);
        let passwords = Passwords::new()?;
        Ok(Self(Arc::new(Parts {
            config,
            clock,
            db,
            store,
            uploads,
            search,
            matcher,
            meanings,
            cage,
            sealer,
            passwords,
        })))
    }
}

/// One TLS provider for the whole program; a second program part of the same process finds it there.
fn install_tls() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Another thread may have been faster: then its provider, the same one, is in place.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
