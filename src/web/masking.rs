//! Everything that goes out to eyes that are not signed in passes here.

pub(super) use crate::roster::masked;
