//! Google and Microsoft Graph as rotaline meets them, on loopback, with faults on demand.
//!
//! A fake answers real HTTP as the public descriptions of the real thing say, from a state that a test sets up. It is a test's tool: it may
//! panic when it is used wrongly, but never answers what the real thing would not. It knows nothing of rotas.
//!
//! - [`google`]: the fake Google.
//! - [`graph`]: the fake Microsoft Graph, and the sign-in of Microsoft Entra.
//! - [`server`]: the socket, and what an API has to be ([`Api`]).
//! - [`faults`]: what goes wrong, on which route, how often.
//! - [`oidc`]: an identity provider by which people sign in.
//! - [`journal`]: what came in and what it was answered.
//! - [`postgres`]: no fake, but the real server, for the time of a test.
//! - [`postman`]: what a fake sends by itself (change notifications).
//! - [`clock`]: the time as the fake sees it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod clock;
pub mod faults;
pub mod google;
pub mod graph;
pub mod journal;
pub mod oidc;
pub mod postgres;
pub mod postman;
pub mod server;

pub use clock::Clock;
pub use faults::{Fault, Faults, Route};
pub use journal::{Journal, Request};
pub use postgres::Postgres;
pub use postman::Postman;
pub use server::{Answer, Api, Server};
