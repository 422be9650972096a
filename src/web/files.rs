//! The page's own style, script and icon, carried in the program.

use super::fault::{Fault, PageFault};
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const STYLE: &str = include_str!("static/page.css");
const SCRIPT: &str = include_str!("static/page.js");
const ICON: &str = include_str!("static/icon.svg");

/// Stands in the addresses of the files, so that a browser keeps them until they change.
pub(super) static VERSION: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::new().chain_update(STYLE).chain_update(SCRIPT).chain_update(ICON).finalize();
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
});

/// `GET /static/{file}`.
pub(super) async fn file(Path(name): Path<String>) -> Result<Response, PageFault> {
    match name.as_str() {
        "page.css" => Ok(served("text/css; charset=utf-8", STYLE)),
        "page.js" => Ok(served("text/javascript; charset=utf-8", SCRIPT)),
        "icon.svg" => Ok(served("image/svg+xml", ICON)),
        _ => Err(Fault::missing("not-found", "There is no such file.").into()),
    }
}

/// `GET /favicon.ico`: asked for by browsers that did not read the page.
pub(super) async fn icon() -> Response {
    served("image/svg+xml", ICON)
}

fn served(media_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, text).into_response()
}
