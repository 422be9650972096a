//! What the benches of the whole service have in common: its configuration, and how it is served on loopback sockets.

use axum::Router;
use rotaline::clock::Clock;
use rotaline::config::{Config, Secrets, TOKEN_VARIABLE};
use rotaline::sample;
use std::net::Ipv4Addr;
use std::path::Path;
use tokio::net::TcpListener;
use uuid::Uuid;

/// As the program has it.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub(super) const ACCOUNT: &str = "AC00000000000000000000000000000000";
pub(super) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(super) const HOTLINE: &str = "+61491570006";

pub(super) async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    (listener, base)
}

pub(super) fn serve(listener: TcpListener, router: Router) {
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
}

pub(super) fn new_line() -> String {
    format!("CA{}", Uuid::now_v7().simple())
}

/// As an operator writes it, with the sample rota; only pacing, admission and texts are out of the way: ten thousand calls are to
/// be live, and one caller calls again and again.
pub(super) fn config(folder: &Path, ours: &str, api: &str) -> Config {
    let rota = sample::workbook(Clock::system().now().date_naive()).unwrap();
    std::fs::write(folder.join("rota.xlsx"), rota).unwrap();
    let text = format!(
        r#"
        server = {{ admin_listen = "127.0.0.1:0", public_url = "{ours}", most_calls = 20000 }}
        twilio = {{ account_sid = "{ACCOUNT}", api_base = "{api}", orders_per_hour = 0 }}
        hotline = [{{ name = "lab", numbers = ["{HOTLINE}"], rota = {{ file = "rota.xlsx" }}, most_calls = 10000, calls_per_caller_and_hour = 0, orders_per_hour = 0, tell_level = false }}]
        "#
    );
    let env = [(TOKEN_VARIABLE.to_owned(), TOKEN.to_owned())].into();
    let mut config = Config::read(&text, "bench", folder, &env, Secrets::All).unwrap();
    config.twilio.calls_per_second = 1000.0;
    config
}
