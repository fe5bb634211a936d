//! Short-lived links to one blob, for people without an account: the asker's page, and her own video.

use crate::app::App;
use crate::clock::Millis;
use crate::store::BlobKey;
use std::time::Duration;

/// What signatures of media links are for.
const PURPOSE: &str = "media";
/// No link is good for longer than this, whatever a page asks for.
pub const LONGEST_LINK: Duration = Duration::from_secs(60 * 60);

/// The address of a blob, good for everybody who holds it until `lasts` from now (at most an hour). It names nothing but
/// the content.
pub fn link(app: &App, key: BlobKey, lasts: Duration) -> String {
    let expiry = app.clock.now() + lasts.min(LONGEST_LINK);
    let signature = app.sealer.sign(PURPOSE, &message(key, expiry));
    format!("/media/{key}?e={}&s={signature}", expiry.0)
}

/// Whether the query of a request is a link that we made for this blob and that is still good.
pub(super) fn is_good(app: &App, key: BlobKey, query: Option<&str>) -> bool {
    let field = |name: &str| {
        query.unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    let (Some(expiry), Some(signature)) = (field("e").and_then(|text| text.parse().ok()), field("s")) else {
        return false;
    };
    let now = app.clock.now();
    let expiry = Millis(expiry);
    now < expiry
        && expiry <= now + LONGEST_LINK
        && app.sealer.verify(PURPOSE, &message(key, expiry), signature)
}

fn message(key: BlobKey, expiry: Millis) -> String {
    format!("{key}|{}", expiry.0)
}
