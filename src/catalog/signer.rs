//! Signers: the people in the clips, and their consent to be seen.

use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query, query_text};
use crate::ids::SignerId;
use crate::refusal::{Refusal, refuse};
use serde_json::json;

/// A person who signs.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Signer {
    /// Which person.
    pub id: SignerId,
    /// Shown in the studio; public only where the consent says so.
    pub display_name: String,
    /// One of [`SIGNER_ROLES`].
    pub role: String,
    /// Language tag; `sdl` is Saudi Sign Language.
    pub sign_language: String,
    /// Consent holds from this moment.
    pub consent_from: Option<Millis>,
    /// Consent ends at this moment; without one it does not expire.
    pub consent_until: Option<Millis>,
    /// Consent was taken back at this moment.
    pub consent_withdrawn_at: Option<Millis>,
    /// Whether new clips may name the person.
    pub active: bool,
    /// When the person was added.
    pub created_at: Millis,
    /// For lost updates.
    pub row_version: i64,
}

/// A deaf presenter, or an interpreter.
pub const SIGNER_ROLES: [&str; 2] = ["deaf_presenter", "interpreter"];

/// Where a signer's consent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// On record and in time.
    Valid,
    /// Nothing on record, or not yet.
    Missing,
    /// Its time is over.
    Expired,
    /// Taken back.
    Withdrawn,
}

impl Signer {
    /// Where the consent stands at `now`.
    pub fn consent(&self, now: Millis) -> Consent {
        if self.consent_withdrawn_at.is_some() {
            return Consent::Withdrawn;
        }
        match (self.consent_from, self.consent_until) {
            (None, _) => Consent::Missing,
            (Some(from), _) if from > now => Consent::Missing,
            (Some(_), Some(until)) if until <= now => Consent::Expired,
            (Some(_), _) => Consent::Valid,
        }
    }
}

/// What a new signer needs.
#[derive(Debug, Clone)]
pub struct NewSigner {
    /// Name in the studio.
    pub display_name: String,
    /// One of [`SIGNER_ROLES`].
    pub role: String,
    /// Language tag, for example `sdl`.
    pub sign_language: String,
    /// Consent holds from this moment.
    pub consent_from: Option<Millis>,
    /// Consent ends at this moment.
    pub consent_until: Option<Millis>,
}

/// Why a signer cannot be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignerProblem {
    /// Empty or over 100 characters.
    #[error("give a name of 1 to 100 characters")]
    BadName,
    /// Not one of the roles.
    #[error("choose deaf_presenter or interpreter")]
    BadRole,
    /// Not a sign language we know.
    #[error("this sign language is not known; use sdl, jos or ase")]
    BadLanguage,
    /// Ends before it begins.
    #[error("the consent ends before it begins")]
    BadPeriod,
    /// Somebody changed it in between.
    #[error("the signer was changed in the meantime; load it again")]
    Stale,
}

impl From<SignerProblem> for Refusal {
    fn from(problem: SignerProblem) -> Self {
        let en = problem.to_string();
        match problem {
            SignerProblem::BadName => {
                Self::invalid("display_name", "signer.bad_name", "اكتب الاسم، من حرف إلى ١٠٠ حرف.", en)
            }
            SignerProblem::BadRole => Self::invalid("role", "signer.bad_role", "اختر دور مقدّم الإشارة.", en),
            SignerProblem::BadLanguage => {
                Self::invalid("sign_language", "signer.bad_language", "لغة الإشارة هذه غير معروفة.", en)
            }
            SignerProblem::BadPeriod => {
                let ar = "نهاية الموافقة قبل بدايتها. صحّح التاريخين.";
                Self::invalid("consent_until", "signer.bad_period", ar, en)
            }
            SignerProblem::Stale => Self::stale(),
        }
    }
}

/// The canonical tag of a sign language: `sgn-SA` and `sgn-sdl` are read as `sdl`; unknown tags are refused
/// (`reference/deaf-users.md` section 4).
pub fn sign_language(tag: &str) -> Option<&'static str> {
    match tag.trim().to_ascii_lowercase().as_str() {
        "sdl" | "sgn-sa" | "sgn-sdl" => Some("sdl"),
        "jos" | "sgn-jo" | "sgn-jos" => Some("jos"),
        "ase" | "sgn-us" | "sgn-ase" => Some("ase"),
        _ => None,
    }
}

fn check(
    name: &str,
    role: &str,
    language: &str,
    period: [Option<Millis>; 2],
) -> Result<&'static str, SignerProblem> {
    if name.trim().is_empty() || name.chars().count() > 100 {
        return Err(SignerProblem::BadName);
    }
    if !SIGNER_ROLES.contains(&role) {
        return Err(SignerProblem::BadRole);
    }
    if let [Some(from), Some(until)] = period
        && until <= from
    {
        return Err(SignerProblem::BadPeriod);
    }
    sign_language(language).ok_or(SignerProblem::BadLanguage)
}

const COLUMNS: &str = "id, display_name, role, sign_language, consent_from, consent_until, consent_withdrawn_at, \
                       active, created_at, row_version";

/// Adds a signer.
pub async fn add_signer(tx: &mut Tx, actor: Actor, new: NewSigner) -> anyhow::Result<SignerId> {
    let period = [new.consent_from, new.consent_until];
    let language = check(&new.display_name, &new.role, &new.sign_language, period).map_err(refuse)?;
    let now = tx.now();
    let id = SignerId::new(now);
    query(
        "INSERT INTO signer (id, display_name, role, sign_language, consent_from, consent_until, active, created_at,
                             row_version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
    )
    .bind(id)
    .bind(new.display_name.trim().to_owned())
    .bind(new.role)
    .bind(language)
    .bind(new.consent_from)
    .bind(new.consent_until)
    .bind(true)
    .bind(now)
    .execute(tx)
    .await?;
    tx.record(Entry::new(actor, "signer.added", "signer", id));
    Ok(id)
}

/// Changes name, role, language, consent and whether the person is active. When the consent no longer holds, every
/// published clip of the person is withdrawn in the same transaction; says how many.
pub async fn update_signer(tx: &mut Tx, actor: Actor, changed: &Signer) -> anyhow::Result<usize> {
    let period = [changed.consent_from, changed.consent_until];
    let language =
        check(&changed.display_name, &changed.role, &changed.sign_language, period).map_err(refuse)?;
    let rows = query(
        "UPDATE signer SET display_name = $1, role = $2, sign_language = $3, consent_from = $4, consent_until = $5,
                           consent_withdrawn_at = $6, active = $7, row_version = row_version + 1
         WHERE id = $8 AND row_version = $9",
    )
    .bind(changed.display_name.trim().to_owned())
    .bind(changed.role.clone())
    .bind(language)
    .bind(changed.consent_from)
    .bind(changed.consent_until)
    .bind(changed.consent_withdrawn_at)
    .bind(changed.active)
    .bind(changed.id)
    .bind(changed.row_version)
    .execute(tx)
    .await?;
    if rows == 0 {
        return Err(refuse(SignerProblem::Stale));
    }
    let withdrawn = changed.consent_withdrawn_at.is_some();
    let facts = json!({ "active": changed.active, "consent_withdrawn": withdrawn });
    tx.record(Entry::new(actor, "signer.changed", "signer", changed.id).with(facts));
    super::publication::end_without_consent(tx, changed.id).await
}

/// One signer.
pub async fn signer(conn: &mut impl Conn, id: SignerId) -> sqlx::Result<Option<Signer>> {
    query_text(format!("SELECT {COLUMNS} FROM signer WHERE id = $1")).bind(id).optional(conn).await
}

/// All signers by name, the active ones first.
pub async fn signers(conn: &mut impl Conn) -> sqlx::Result<Vec<Signer>> {
    query_text(format!("SELECT {COLUMNS} FROM signer ORDER BY active DESC, display_name, id")).all(conn).await
}
