//! The text fields of a clip: the same in the upload form and in the editor.

use super::words::kind_name;
use crate::catalog::{self, ClipKind, ClipText, Consent, Service, Signer};
use crate::clock::Millis;
use crate::db::Conn;
use crate::ids::{ServiceId, SignerId};
use crate::web::i18n::Words;
use crate::web::staff::form::{Field, choices};
use serde::Deserialize;

/// Offered where nothing was chosen: Saudi Sign Language.
pub(super) const USUAL_LANGUAGE: &str = "sdl";

/// What the text fields send. Selects send ids and codes as they are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct TextForm {
    pub(super) title_ar: String,
    pub(super) title_en: String,
    pub(super) question_ar: String,
    pub(super) summary_ar: String,
    pub(super) alt_ar: String,
    pub(super) sources: String,
    pub(super) fees_ar: String,
    pub(super) deadline_ar: String,
    pub(super) service: String,
    pub(super) signer: String,
    pub(super) sign_language: String,
    pub(super) aliases: String,
    /// Hash of the text that the editor saw.
    pub(super) seen: String,
}

impl TextForm {
    /// Takes one field of a multipart form; false for a name that is no text field.
    pub(super) fn take(&mut self, name: &str, value: String) -> bool {
        let field = match name {
            "title_ar" => &mut self.title_ar,
            "title_en" => &mut self.title_en,
            "question_ar" => &mut self.question_ar,
            "summary_ar" => &mut self.summary_ar,
            "alt_ar" => &mut self.alt_ar,
            "sources" => &mut self.sources,
            "fees_ar" => &mut self.fees_ar,
            "deadline_ar" => &mut self.deadline_ar,
            "service" => &mut self.service,
            "signer" => &mut self.signer,
            "sign_language" => &mut self.sign_language,
            "aliases" => &mut self.aliases,
            _ => return false,
        };
        *field = value;
        true
    }

    /// The words of a version as the form shows them.
    pub(super) fn of(text: &ClipText, services: &[Service]) -> Self {
        let service = services.iter().find(|service| service.id == text.service_id);
        Self {
            title_ar: text.title_ar.clone(),
            title_en: text.title_en.clone(),
            question_ar: text.question_ar.clone(),
            summary_ar: text.summary_ar.clone(),
            alt_ar: text.alt_ar.clone(),
            sources: text.sources.clone(),
            fees_ar: text.fees_ar.clone(),
            deadline_ar: text.deadline_ar.clone(),
            service: service.map(|service| service.code.clone()).unwrap_or_default(),
            signer: text.signer_id.map(|id| id.to_string()).unwrap_or_default(),
            sign_language: text.sign_language.clone(),
            aliases: String::new(),
            seen: String::new(),
        }
    }

    /// The chosen service, if there is one with this code.
    pub(super) fn service_id(&self, services: &[Service]) -> Option<ServiceId> {
        services.iter().find(|service| service.code == self.service).map(|service| service.id)
    }

    /// The chosen signer.
    pub(super) fn signer_id(&self) -> Option<SignerId> {
        self.signer.parse().ok()
    }

    /// The chosen sign language, the usual one when nothing was chosen.
    pub(super) fn language(&self) -> String {
        if self.sign_language.is_empty() { USUAL_LANGUAGE.to_owned() } else { self.sign_language.clone() }
    }
}

/// Line ends as browsers send them become those that are stored.
pub(super) fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// What the selects offer.
pub(super) struct Offer {
    pub(super) services: Vec<Service>,
    pub(super) signers: Vec<Signer>,
    now: Millis,
}

impl Offer {
    /// Everything that is there; the fields leave out what takes no new clips.
    pub(super) async fn load(conn: &mut impl Conn, now: Millis) -> sqlx::Result<Self> {
        Ok(Self { services: catalog::services(conn).await?, signers: catalog::signers(conn).await?, now })
    }

    /// Title and service: what a clip cannot do without.
    pub(super) fn first_fields(&self, t: Words, form: &TextForm) -> Vec<Field> {
        let title = Field::line("title_ar", t.get("upload-title-ar"), form.title_ar.as_str());
        vec![title.hint(t.get("upload-title-ar-hint")), self.service_field(t, form)]
    }

    fn service_field(&self, t: Words, form: &TextForm) -> Field {
        let none = (String::new(), t.get("staff-choose"));
        let named =
            self.services.iter().filter(|service| service.active || service.code == form.service).map(
                |service| {
                    (service.code.clone(), t.lang().pick(&service.name_ar, &service.name_en).to_owned())
                },
            );
        let all: Vec<(String, String)> = std::iter::once(none).chain(named).collect();
        Field::select("service", t.get("upload-service"), choices(all, &form.service))
    }

    /// What may follow later.
    pub(super) fn other_fields(&self, t: Words, form: &TextForm, kind: Option<ClipKind>) -> Vec<Field> {
        let mut fields = vec![
            Field::line("question_ar", t.get("upload-question"), form.question_ar.as_str()),
            Field::area("summary_ar", t.get("upload-summary"), form.summary_ar.as_str())
                .hint(t.get("upload-summary-hint")),
            Field::line("fees_ar", t.get("edit-fees"), form.fees_ar.as_str()).hint(t.get("edit-fees-hint")),
            Field::line("deadline_ar", t.get("edit-deadline"), form.deadline_ar.as_str())
                .hint(t.get("edit-deadline-hint")),
        ];
        let signed = kind.is_none_or(|kind| !kind.is_still());
        if signed {
            fields.push(self.signer_field(t, form));
            fields.push(language_field(t, form));
        }
        if !signed || kind.is_none() {
            let alt = Field::area("alt_ar", t.get("upload-alt"), form.alt_ar.as_str());
            fields.push(alt.hint(t.get("upload-alt-hint")));
        }
        fields.push(Field::line("title_en", t.get("upload-title-en"), form.title_en.as_str()));
        fields.push(Field::line("sources", t.get("edit-sources"), form.sources.as_str()));
        fields
    }

    fn signer_field(&self, t: Words, form: &TextForm) -> Field {
        let none = (String::new(), t.get("staff-none"));
        let consents = |signer: &&Signer| {
            let chosen = signer.id.to_string() == form.signer;
            chosen || signer.active && signer.consent(self.now) == Consent::Valid
        };
        let named = self
            .signers
            .iter()
            .filter(consents)
            .map(|signer| (signer.id.to_string(), signer.display_name.clone()));
        let all: Vec<(String, String)> = std::iter::once(none).chain(named).collect();
        let field = Field::select("signer", t.get("upload-signer"), choices(all, &form.signer));
        field.hint(t.get("upload-signer-hint"))
    }
}

fn language_field(t: Words, form: &TextForm) -> Field {
    let names =
        [("sdl", t.get("language-sdl")), ("jos", t.get("language-jos")), ("ase", t.get("language-ase"))];
    Field::select("sign_language", t.get("upload-language"), choices(names, &form.language()))
}

/// The kinds of clips.
pub(super) fn kind_field(t: Words, kind: &str) -> Field {
    let names = ClipKind::ALL.map(|kind| (kind.as_str(), kind_name(t, kind)));
    Field::select("kind", t.get("upload-kind"), choices(names, kind))
}
