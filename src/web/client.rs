//! The address a request comes from, for rate limits. `X-Forwarded-For` counts only as far as it was written by proxies
//! that the settings name.

use crate::app::App;
use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The client's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client(pub IpAddr);

impl<S> FromRequestParts<S> for Client
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let app = App::from_ref(state);
        // Without a connection (a router driven directly) all requests share one address.
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
        Ok(Self(behind_proxies(peer, &parts.headers, &app.config.trusted_proxies)))
    }
}

/// Walks the list from the right, where the nearest proxy wrote, to the first address that is no trusted proxy.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let mut client = peer;
    let listed: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for text in listed.into_iter().rev() {
        if !trusted.contains(&client) {
            return client;
        }
        match text.trim().parse() {
            Ok(address) => client = address,
            Err(_) => return client,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("6.6.6.6, 10.0.0.9, 10.0.0.2"));
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        assert_eq!(behind_proxies(ip("1.2.3.4"), &headers, &trusted), ip("1.2.3.4"));
        assert_eq!(behind_proxies(ip("10.0.0.1"), &headers, &trusted), ip("10.0.0.9"));
        assert_eq!(behind_proxies(ip("10.0.0.1"), &headers, &[]), ip("10.0.0.1"));
        headers.insert("x-forwarded-for", HeaderValue::from_static("nonsense"));
        assert_eq!(behind_proxies(ip("10.0.0.1"), &headers, &trusted), ip("10.0.0.1"));
    }
}
