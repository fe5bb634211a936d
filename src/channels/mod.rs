//! Where questions come from and replies go to: the web form, and accounts that deliver by signed webhook.

mod outbound;
mod row;
mod webhook;

pub use outbound::{AssistedPost, Outbound, Outcome, Parcel, Repeat, WebPage, outbound};
pub use row::{Channel, ChannelKind, ChannelProblem, add_webhook, channels, find, secret, web};
pub use webhook::{Forged, Signature, TOLERANCE, Verified, verify};
