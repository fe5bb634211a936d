//! Posting a reply to where the question came from, through one trait.

use super::ChannelKind;
use crate::ids::DeliveryId;
use futures::future::BoxFuture;

/// What is to be posted. Its id is the channel's idempotency key: the same parcel again is the same post.
#[derive(Clone, PartialEq, Eq)]
pub struct Parcel {
    /// One posting of one reply to one channel.
    pub id: DeliveryId,
    /// The text below the clip.
    pub text: String,
    /// Where the answer is watched: the clip's public page, or the asker's own page with its secret. Never logged.
    pub clip_url: Option<String>,
}

/// How the posting went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is there; the channel's name for it, if it has one.
    Posted(Option<String>),
    /// It is there and was seen there.
    Confirmed(Option<String>),
    /// Later; the channel has certainly not taken it.
    Busy,
    /// Never; the channel has certainly not taken it. The sentence is for staff.
    Refused(String),
    /// The connection broke: nobody knows whether it is there.
    Unknown,
    /// A person has to post it.
    ByHand,
}

/// What happens when the same parcel is posted twice, because a worker died before it could note the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Nothing: the channel knows the parcel's id.
    Harmless,
    /// A second post. Then a person looks first.
    PostsAgain,
}

/// A channel that replies can go to.
pub trait Outbound: Send + Sync {
    /// Whether a parcel may be posted again after a break.
    fn repeat(&self) -> Repeat;

    /// Posts the parcel.
    fn post<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Outcome>;
}

/// The asker's own page: once the reply is marked as sent, it is there.
pub struct WebPage;

impl Outbound for WebPage {
    fn repeat(&self) -> Repeat {
        Repeat::Harmless
    }

    fn post<'a>(&'a self, _parcel: &'a Parcel) -> BoxFuture<'a, Outcome> {
        Box::pin(std::future::ready(Outcome::Confirmed(None)))
    }
}

/// A channel that takes no posts from us: a person copies the reply and says so.
pub struct AssistedPost;

impl Outbound for AssistedPost {
    fn repeat(&self) -> Repeat {
        Repeat::Harmless
    }

    fn post<'a>(&'a self, _parcel: &'a Parcel) -> BoxFuture<'a, Outcome> {
        Box::pin(std::future::ready(Outcome::ByHand))
    }
}

/// How replies get to a channel of this kind.
pub fn outbound(kind: ChannelKind) -> &'static dyn Outbound {
    match kind {
        ChannelKind::Web => &WebPage,
        ChannelKind::Webhook => &AssistedPost,
    }
}
