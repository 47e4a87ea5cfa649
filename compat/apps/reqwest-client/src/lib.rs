//! [`Client`]: the notes service from the other side, with a deadline for each request and a second attempt where
//! that does no harm.
//!
//! Invariant: a call ends within its deadline times its attempts. A note is never added twice: only a request that
//! did not reach the service is sent again.

use std::time::Duration;

use reqwest::{Method, Response};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// How often a request is tried.
const ATTEMPTS: u32 = 3;

/// The pause before the second attempt; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(20);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub id: u64,
    pub text: String,
}

/// A cheap clone shares its connections.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    notes: String,
}

impl Client {
    /// For the service at this URL, with a deadline for each attempt.
    pub fn new(url: &str, deadline: Duration) -> reqwest::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().timeout(deadline).build()?;
        Ok(Self { http, notes: format!("{}/notes", url.trim_end_matches('/')) })
    }

    pub async fn add(&self, text: &str) -> reqwest::Result<Note> {
        let body = serde_json::json!({"text": text});
        read(self.send(Method::POST, &self.notes, Some(&body)).await?).await
    }

    pub async fn all(&self) -> reqwest::Result<Vec<Note>> {
        read(self.send(Method::GET, &self.notes, None).await?).await
    }

    /// The note, or `None` where there is none.
    pub async fn get(&self, id: u64) -> reqwest::Result<Option<Note>> {
        let response = self.send(Method::GET, &format!("{}/{id}", self.notes), None).await?;
        if response.status() == reqwest::StatusCode::NOT_FOUND {
            return Ok(None);
        }
        read(response).await.map(Some)
    }

    async fn send(
        &self,
        method: Method,
        url: &str,
        body: Option<&serde_json::Value>,
    ) -> reqwest::Result<Response> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..ATTEMPTS {
            match self.send_once(&method, url, body).await {
                Err(error) if error.is_connect() => tokio::time::sleep(pause).await,
                result => return result,
            }
            pause *= 2;
        }
        self.send_once(&method, url, body).await
    }

    async fn send_once(
        &self,
        method: &Method,
        url: &str,
        body: Option<&serde_json::Value>,
    ) -> reqwest::Result<Response> {
        let request = self.http.request(method.clone(), url);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        request.send().await
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> reqwest::Result<T> {
    response.error_for_status()?.json().await
}
