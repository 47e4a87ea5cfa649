//! The JSON routes.
//!
//! axum's extractors answer what is not JSON, or not a number, by themselves; a note that is not there is a 404
//! with a reason in JSON.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Json, Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Note, Service, feed};

#[derive(Deserialize)]
struct NewNote {
    text: String,
}

/// A refusal, and why.
type Refusal = (StatusCode, Json<Value>);

pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/notes", get(all).post(add))
        .route("/notes/{id}", get(one).delete(remove))
        .route("/feed", get(feed::open))
        .with_state(service)
}

async fn all(State(service): State<Arc<Service>>) -> Json<Vec<Note>> {
    Json(service.notes.all())
}

async fn add(
    State(service): State<Arc<Service>>,
    Json(new): Json<NewNote>,
) -> Result<(StatusCode, Json<Note>), Refusal> {
    if new.text.is_empty() {
        return Err((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": "a note has a text"}))));
    }
    Ok((StatusCode::CREATED, Json(service.notes.add(new.text))))
}

async fn one(State(service): State<Arc<Service>>, Path(id): Path<u64>) -> Result<Json<Note>, Refusal> {
    service.notes.get(id).map(Json).ok_or_else(|| no_note(id))
}

async fn remove(State(service): State<Arc<Service>>, Path(id): Path<u64>) -> Result<StatusCode, Refusal> {
    service.notes.remove(id).map(|_| StatusCode::NO_CONTENT).ok_or_else(|| no_note(id))
}

fn no_note(id: u64) -> Refusal {
    (StatusCode::NOT_FOUND, Json(json!({"error": format!("there is no note {id}")})))
}
