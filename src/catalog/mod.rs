//! The catalogue: clips, their versions, captions, reviews and publication; services, signers and media jobs.

pub mod captions;
mod by;
mod kind;
pub mod media_state;
mod seed;
mod service;
mod signer;
pub mod state;
mod topic;

pub use by::By;
pub use kind::ClipKind;
pub use media_state::MediaState;
pub use seed::seed;
pub use service::{
    NewService, SERVICE_KINDS, Service, ServiceProblem, add_service, published_counts, service,
    service_by_code, services, update_service,
};
pub use signer::{
    Consent, NewSigner, SIGNER_ROLES, Signer, SignerProblem, add_signer, sign_language, signer, signers,
    update_signer,
};
pub use state::{Lane, VersionState};
pub use topic::{TOPICS, Topic, topic_by_code};
