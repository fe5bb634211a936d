//! The ways on from a service as staff chose them: at most three, each of a known kind, each to a page and never to a
//! telephone.

use super::next_step::{NextStep, usual_steps};
use super::service::Service;
use crate::audit::{Actor, Entry};
use crate::db::{Conn, Tx, query};
use crate::ids::ServiceId;
use crate::refusal::{Refusal, refuse};
use serde_json::json;
use url::{Host, Url};

/// Ways on from one service at most: more is a list to read, not a next step.
pub const MOST_LINKS: usize = 3;
const LONGEST_URL: usize = 500;

/// A way on with its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextLink {
    /// Which one.
    pub step: NextStep,
    /// The page that it opens; without one, the house's own explanation.
    pub url: Option<String>,
}

impl NextLink {
    /// The address to open.
    pub fn href(&self) -> &str {
        self.url.as_deref().unwrap_or(self.step.href())
    }

    /// Reads what staff wrote; an empty address means the house's own explanation.
    pub fn read(kind: &str, url: &str) -> Result<Self, NextLinkProblem> {
        let step = NextStep::parse(kind).ok_or(NextLinkProblem::UnknownKind)?;
        let url = url.trim();
        if url.is_empty() {
            return Ok(Self { step, url: None });
        }
        let parsed = Url::parse(url).map_err(|_| NextLinkProblem::BadAddress)?;
        let is_page = parsed.scheme() == "https"
            && matches!(parsed.host(), Some(Host::Domain(name)) if name.contains('.'))
            && parsed.username().is_empty()
            && parsed.password().is_none();
        if !is_page || parsed.as_str().len() > LONGEST_URL {
            return Err(NextLinkProblem::BadAddress);
        }
        Ok(Self { step, url: Some(parsed.into()) })
    }
}

/// Why ways on cannot be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NextLinkProblem {
    /// Not one of the kinds.
    #[error("choose one of the listed ways on")]
    UnknownKind,
    /// Not the address of a page.
    #[error("give the address of a page that begins with https://")]
    BadAddress,
    /// One kind twice.
    #[error("choose each way on only once")]
    Twice,
    /// More than fit.
    #[error("choose at most {MOST_LINKS} ways on")]
    TooMany,
}

impl From<NextLinkProblem> for Refusal {
    fn from(problem: NextLinkProblem) -> Self {
        let en = problem.to_string();
        let (field, code, ar) = match problem {
            NextLinkProblem::UnknownKind => ("next_1", "next_link.unknown_kind", "اختر من القائمة."),
            NextLinkProblem::BadAddress => {
                ("url_1", "next_link.bad_address", "اكتب عنوان صفحة يبدأ بـ https://")
            }
            NextLinkProblem::Twice => ("next_1", "next_link.twice", "اختر كل خطوة مرة واحدة."),
            NextLinkProblem::TooMany => ("next_1", "next_link.too_many", "اختر ثلاث خطوات على الأكثر."),
        };
        Self::invalid(field, code, ar, en)
    }
}

/// Says what comes after the answers of a service; none means what its topic suggests.
pub async fn set_next_links(
    tx: &mut Tx,
    actor: Actor,
    service: ServiceId,
    links: &[NextLink],
) -> anyhow::Result<()> {
    if links.len() > MOST_LINKS {
        return Err(refuse(NextLinkProblem::TooMany));
    }
    let is_again = |(at, link): (usize, &NextLink)| links[..at].iter().any(|before| before.step == link.step);
    if links.iter().enumerate().any(is_again) {
        return Err(refuse(NextLinkProblem::Twice));
    }
    query("DELETE FROM next_link WHERE service_id = $1").bind(service).execute(tx).await?;
    for (n, link) in (1_i64..).zip(links) {
        query("INSERT INTO next_link (service_id, n, kind, url) VALUES ($1, $2, $3, $4)")
            .bind(service)
            .bind(n)
            .bind(link.step.as_str())
            .bind(link.url.clone())
            .execute(tx)
            .await?;
    }
    let facts: Vec<_> = links.iter().map(|link| json!([link.step.as_str(), link.href()])).collect();
    tx.record(Entry::new(actor, "service.next_links", "service", service).with(json!({ "links": facts })));
    tx.changed("service", service);
    Ok(())
}

/// What staff chose for a service; empty where they left it to its topic.
pub async fn chosen_links(conn: &mut impl Conn, service: ServiceId) -> sqlx::Result<Vec<NextLink>> {
    let rows: Vec<(String, Option<String>)> =
        query("SELECT kind, url FROM next_link WHERE service_id = $1 ORDER BY n")
            .bind(service)
            .all(conn)
            .await?;
    let read = |(kind, url): (String, Option<String>)| match NextStep::parse(&kind) {
        Some(step) => Ok(NextLink { step, url }),
        None => Err(sqlx::Error::Decode(format!("service {service}: no such way on: {kind}").into())),
    };
    rows.into_iter().map(read).collect()
}

/// What comes after the answers of a service.
pub async fn next_links(conn: &mut impl Conn, service: &Service) -> sqlx::Result<Vec<NextLink>> {
    let chosen = chosen_links(conn, service.id).await?;
    if !chosen.is_empty() {
        return Ok(chosen);
    }
    Ok(usual_steps(service).into_iter().map(|step| NextLink { step, url: None }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_on_opens_a_page_over_https_and_nothing_else() {
        for url in ["https://www.absher.sa/portal", "https://www.moi.gov.sa/?a=1#b"] {
            assert_eq!(NextLink::read("absher", url).map(|link| link.href().to_owned()), Ok(url.to_owned()));
        }
        for url in [
            "http://www.absher.sa/",
            "tel:+966920020405",
            "sms:989",
            "javascript:alert(1)",
            "https://user@absher.sa/",
            "https://localhost/",
            "https://10.0.0.1/",
            "//absher.sa",
            "absher.sa",
        ] {
            assert_eq!(NextLink::read("absher", url), Err(NextLinkProblem::BadAddress), "{url}");
        }
        assert_eq!(NextLink::read("call_us", ""), Err(NextLinkProblem::UnknownKind));
        assert_eq!(
            NextLink::read("tahseen", " ").map(|link| link.href().to_owned()),
            Ok("/services/tahseen".into())
        );
    }
}
