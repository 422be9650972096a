//! s
use super::Graph;
pub(super) fn fill(_: &Graph, _: chrono::DateTime<chrono::Utc>) {}
pub(super) fn configuration(_: &Graph) -> String {
    String::new()
}
