//! The catalogue: clips, their versions, captions, reviews and publication; services, signers and media jobs.
//!
//! Every change of a clip takes the clip's row first and moves versions only through [`state::next`].

mod accepted_checks;
mod by;
mod calls;
mod caption_track;
pub mod captions;
mod cards;
mod clarity;
mod clip;
mod downloads;
mod editing;
mod files;
mod glossary;
mod guards;
pub mod import;
pub mod invariants;
mod kind;
mod lane;
mod media_jobs;
pub mod media_state;
mod next_links;
mod next_step;
mod packages;
mod poster;
mod public;
mod publication;
mod publication_jobs;
mod review;
mod seed;
mod series;
mod service;
mod shelf;
mod signed_names;
mod signer;
mod slug;
pub mod state;
mod streams;
mod studio;
mod summary;
mod text;
mod topic;
mod trim;
mod version;
mod watching;

pub use accepted_checks::{AcceptedCheck, accept_check, accepted_checks, takes_acceptance, unaccept_check};
pub use by::By;
pub use calls::is_call_only;
pub use caption_track::{
    CaptionFinding, NewCaptions, Track, caption_language, findings_of, origin_of, read_captions,
    save_captions, track, tracks,
};
pub use cards::{After, Card, CardFilter, cards, newest_cards};
pub use clarity::rate_clip;
pub use clip::{
    Alias, AliasOrigin, Clip, NewClip, add_alias, aliases, clip, clip_by_external_id, clip_by_slug,
    create_clip, remove_alias, set_replaced_by,
};
pub use downloads::{Downloads, set_downloads};
pub use editing::{Original, attach_video, cancel_media, edit_text, retry_media};
pub use files::{Picture, Rendition, media_url, picture_of, pictures, renditions, saver_videos};
pub use glossary::{Glossary, Run, Term};
pub use guards::{CaptionErrors, Unmet, unmet_guards};
pub use kind::ClipKind;
pub use lane::Lane;
pub use media_jobs::{MediaProgress, Prepare, media_progress};
pub use media_state::MediaState;
pub use next_links::{MOST_LINKS, NextLink, NextLinkProblem, chosen_links, next_links, set_next_links};
pub use next_step::NextStep;
pub use packages::{MakePackage, Package, package, packaged_version, request_package};
use poster::CARDS_IN_A_SET;
pub use poster::choose_poster;
pub use public::{Found, PublicClip, public_clip, public_clip_by_id, published_ids};
pub use publication::{PublicationTimes, REVIEW_AFTER, actual_hashes, confirm, publish, withdraw};
pub use publication_jobs::{Lapse, PublishScheduled};
pub use review::{Approval, Decision, approvals, current_approvals, decide, submit, waive_reviews};
pub use seed::{seed, seed_at_first_start};
pub use series::{
    MOST_STEPS, PublicSeries, Series, SeriesDraft, SeriesProblem, add_series, all_series, change_series,
    dissolve_series, series, series_of_clip, series_of_service, steps_of,
};
pub use service::{
    NewService, SERVICE_KINDS, Service, ServiceProblem, add_service, published_counts, service,
    service_by_code, services, update_service,
};
pub use shelf::{Shelf, ShelfPlace, ShelfRow, shelf, shelf_counts};
pub use signed_names::{Named, SIGNED_TEXTS, name_in_sign, signed_names, signed_names_shown};
pub use signer::{
    Consent, NewSigner, SIGNER_ROLES, Signer, SignerProblem, add_signer, sign_language, signer, signers,
    update_signer,
};
pub use state::{ActorFacts, Authorship, Ownership, VersionState};
pub use streams::{Segment, Stream, dash_url, signed_in, stream_url, streams};
pub use studio::{StudioClip, StudioFilter, StudioRow, studio_clip, studio_counts, studio_list};
pub use summary::{LongSentence, long_sentences, sentences};
pub use text::{ClipText, TITLE_LIMIT, TextChange, TextProblem, version_text};
pub use topic::{TOPICS, Topic, topic_by_code};
pub use trim::{length_to_cut, trim_video};
pub use version::{
    Check, Hashes, Media, MediaError, Version, actor_facts, authors, latest_version, version, versions,
};
pub use watching::{Reception, Visit, count_visit, reception};
