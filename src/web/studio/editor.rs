//! The clip editor: one page for the video, its captions and words, the two reviews and the publication.

use super::captions::{CaptionsView, captions_view};
use super::checks::{CheckRow, check_rows};
use super::fields::{Offer, TextForm};
use super::history::history;
use super::media::{MediaView, Poster, media_view, posters};
use super::package::{PackageView, package_view};
use super::publication::{PublicationView, publication_view};
use super::reception::{ReceptionView, reception_view};
use super::reviews::{LaneView, lane_views};
use super::rows::Row;
use super::trim::{TrimView, trim_view};
use super::words::state_chip;
use crate::catalog::{
    self, ActorFacts, Alias, Approval, By, CaptionErrors, Clip, ClipText, Lane, Picture, Rendition, Service,
    Track, Unmet, Version,
};
use crate::db::Tx;
use crate::ids::ClipId;
use crate::people::{self, Permission, Staff};
use crate::refusal::Refusal;
use crate::web::AppError;
use crate::web::error::status_of;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, StaffShell, Tone, page};
use crate::web::preferences::see_other;
use crate::web::present::digits;
use crate::web::staff::form::{Field, Said};
use crate::web::staff::table::Chip;
use crate::web::staff::{Visit, ruled};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// The top of the page.
pub(super) struct Head {
    pub(super) title: String,
    pub(super) href: String,
    pub(super) state: Chip,
    pub(super) version_words: String,
    pub(super) public_href: Option<String>,
    pub(super) has_captions: bool,
}

#[derive(Template)]
#[template(path = "studio/editor.html")]
struct EditorPage {
    t: Words,
    shell: StaffShell,
    said: Option<Said>,
    errors: FormErrors,
    clip: Head,
    media: MediaView,
    checks: Vec<CheckRow>,
    captions: CaptionsView,
    lanes: Vec<LaneView>,
    publication: PublicationView,
    text_fields: Vec<Field>,
    /// Sentences of the short answer that are hard to read.
    text_warnings: Vec<String>,
    posters: Vec<Poster>,
    trim: Option<TrimView>,
    package: Option<PackageView>,
    /// Whether its page offers the file; nothing for those who do not publish.
    downloads: Option<bool>,
    history: Vec<(String, String)>,
    reception: Option<ReceptionView>,
}

/// What a form that was refused, or a button that only rearranges rows, lays over what is stored.
#[derive(Default)]
pub(super) struct Overlay {
    pub(super) said: Option<Said>,
    pub(super) errors: FormErrors,
    pub(super) rows: Option<Vec<Row>>,
    pub(super) text: Option<TextForm>,
    pub(super) lane: Option<(Lane, String, String)>,
    pub(super) schedule: Option<(String, String)>,
    pub(super) status: StatusCode,
}

impl Overlay {
    /// A rule's "no" at the top of the page, or at the field that it names.
    pub(super) fn refused(visit: &Visit, refusal: &Refusal) -> Self {
        let status = status_of(refusal.kind);
        if refusal.field.is_some() {
            let errors = FormErrors::of_refusal(refusal, visit.reader.lang);
            return Self { errors, status, ..Self::default() };
        }
        let said = Some(Said::new(Tone::Warn, visit.words_of(refusal)));
        Self { said, status, ..Self::default() }
    }
}

/// Everything about a clip that the page shows.
pub(super) struct Loaded {
    pub(super) clip: Clip,
    pub(super) version: Version,
    pub(super) text: ClipText,
    pub(super) track: Option<Track>,
    pub(super) aliases: Vec<Alias>,
    pub(super) sizes: Vec<Rendition>,
    pub(super) stills: Vec<Picture>,
    pub(super) accepted: Vec<catalog::AcceptedCheck>,
    pub(super) approvals: Vec<Approval>,
    pub(super) unmet: Vec<Unmet>,
    pub(super) facts: ActorFacts,
    pub(super) offer: Offer,
    pub(super) staff: Vec<Staff>,
    pub(super) versions: Vec<Version>,
    pub(super) departments: Vec<people::Department>,
    pub(super) reception: catalog::Reception,
    pub(super) package: Option<catalog::Package>,
}

impl Loaded {
    /// The service it is about.
    pub(super) fn service(&self) -> Option<&Service> {
        self.offer.services.iter().find(|service| service.id == self.text.service_id)
    }

    /// A colleague's name.
    pub(super) fn name_of(&self, t: Words, id: Option<crate::ids::StaffId>) -> String {
        match id {
            None => t.get("staff-system"),
            Some(id) => {
                let known = self.staff.iter().find(|one| one.id == id);
                known.map_or_else(|| t.get("staff-former"), |one| one.display_name.clone())
            }
        }
    }
}

/// Reads a clip in one consistent picture.
pub(super) async fn load(visit: &Visit, id: ClipId) -> Result<Loaded, AppError> {
    let now = visit.app.clock.now();
    let mut read = visit.app.db.read().await?;
    let clip = catalog::clip(&mut read, id).await?.ok_or_else(AppError::not_found)?;
    let version = catalog::latest_version(&mut read, id).await?;
    let by = By::Staff(&visit.caller.staff);
    Ok(Loaded {
        text: catalog::version_text(&mut read, version.id).await?,
        track: catalog::track(&mut read, version.id, "ar").await?,
        aliases: catalog::aliases(&mut read, id).await?,
        sizes: catalog::renditions(&mut read, version.id).await?,
        stills: catalog::pictures(&mut read, version.id).await?,
        accepted: catalog::accepted_checks(&mut read, version.id).await?,
        approvals: catalog::current_approvals(&mut read, version.id).await?,
        unmet: catalog::unmet_guards(&mut read, &clip, &version, CaptionErrors::Block, now).await?,
        facts: catalog::actor_facts(&mut read, by, version.id).await?,
        offer: Offer::load(&mut read, now).await?,
        staff: people::list(&mut read).await?,
        versions: catalog::versions(&mut read, id).await?,
        departments: people::departments(&mut read).await?,
        reception: catalog::reception(&mut read, version.id).await?,
        package: match catalog::packaged_version(&mut read, &clip).await? {
            Some(version) => catalog::package(&mut read, &version).await?,
            None => None,
        },
        clip,
        version,
    })
}

/// `GET /studio/clips/{id}`.
pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::ViewStudio)?;
    render(&visit, parse(&id)?, Overlay::default()).await
}

/// The id in the address; a wrong one names nothing.
pub(super) fn parse(id: &str) -> Result<ClipId, AppError> {
    id.parse().map_err(|_| AppError::not_found())
}

/// Ends a deed in its transaction: back to a part of the page with a sentence, or the page with what a rule said and
/// nothing written.
pub(super) async fn settle<T>(
    visit: &Visit,
    id: ClipId,
    tx: Tx,
    outcome: anyhow::Result<T>,
    part: &str,
    notice: &'static str,
) -> Result<Response, AppError> {
    match ruled(outcome)? {
        Ok(_) => {
            tx.commit().await?;
            Ok(see_other(&format!("/studio/clips/{id}{part}"), notice))
        }
        Err(refusal) => {
            drop(tx);
            render(visit, id, Overlay::refused(visit, &refusal)).await
        }
    }
}

/// The page with what is laid over it.
pub(super) async fn render(visit: &Visit, id: ClipId, overlay: Overlay) -> Result<Response, AppError> {
    let t = visit.t();
    let loaded = load(visit, id).await?;
    let captions = captions_view(visit, &loaded, overlay.rows)?;
    let status = overlay.status;
    let editor = EditorPage {
        t,
        shell: visit.shell(StaffSection::Studio),
        clip: head(t, &loaded),
        media: media_view(visit, t, &loaded),
        checks: check_rows(visit, t, &loaded),
        captions,
        lanes: lane_views(visit, t, &loaded, overlay.lane),
        publication: publication_view(visit, t, &loaded, overlay.schedule),
        text_warnings: text_warnings(t, &loaded.text.summary_ar),
        text_fields: text_fields(visit, t, &loaded, overlay.text),
        posters: posters(visit, t, &loaded),
        trim: trim_view(visit, t, &loaded),
        package: package_view(t, &loaded),
        downloads: visit.may(Permission::Publish).then_some(loaded.clip.may_download),
        history: history(visit, t, &loaded),
        reception: reception_view(t, &loaded),
        said: overlay.said,
        errors: overlay.errors,
    };
    let mut response = page(&editor)?;
    *response.status_mut() = status;
    Ok(response)
}

fn head(t: Words, loaded: &Loaded) -> Head {
    let public = loaded.clip.published_version_id.is_some();
    Head {
        title: t.lang().pick(&loaded.text.title_ar, &loaded.text.title_en).to_owned(),
        href: format!("/studio/clips/{}", loaded.clip.id),
        state: state_chip(t, loaded.version.state),
        version_words: t.with("edit-version", "n", digits(t.lang(), loaded.version.n)),
        public_href: public.then(|| format!("/clips/{}", loaded.clip.slug)),
        // What is there can be edited, needed or not.
        has_captions: loaded.clip.kind.needs_captions()
            || loaded.version.media.has_audio
            || loaded.track.is_some(),
    }
}

/// A sentence that is too long for who reads Arabic as a second language is only warned of.
fn text_warnings(t: Words, summary: &str) -> Vec<String> {
    let told = |long: catalog::LongSentence| {
        let (place, words) = (digits(t.lang(), long.place), digits(t.lang(), long.words));
        t.with_two("edit-sentence-long", ("place", &place), ("words", &words))
    };
    catalog::long_sentences(summary).into_iter().map(told).collect()
}

fn text_fields(visit: &Visit, t: Words, loaded: &Loaded, typed: Option<TextForm>) -> Vec<Field> {
    if !visit.may(Permission::Produce) {
        return Vec::new();
    }
    let form = typed.unwrap_or_else(|| {
        let mut form = TextForm::of(&loaded.text, &loaded.offer.services);
        let by_editors = loaded.aliases.iter().map(|alias| alias.text_ar.as_str());
        form.aliases = by_editors.collect::<Vec<_>>().join("\n");
        form.seen = loaded.version.hashes.text.clone();
        form
    });
    let mut fields = loaded.offer.first_fields(t, &form);
    fields.extend(loaded.offer.other_fields(t, &form, Some(loaded.clip.kind)));
    let aliases = Field::area("aliases", t.get("edit-aliases"), form.aliases.as_str());
    fields.push(aliases.hint(t.get("edit-aliases-hint")));
    fields.push(Field::kept("seen", form.seen));
    fields
}
