//! Nothing that is logged on the way, by us or by anything that we use, holds a secret.

use crate::stage::{Stage, noon, read};
use fakes::graph::Route;
use fakes::{Fault, graph::Mischief};
use providers::{Credential, Drive, ExcelOnline, MicrosoftAccount, SheetSource, Site};
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down everything, however fine.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn no_secret_is_logged() {
    let log = Everything::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let stage = Stage::new().await;
    stage.add_rota();
    let certificate = stage.graph.certificate_pem();
    let mut by_certificate = stage.access();
    by_certificate.credential = Credential::Certificate(certificate.into());
    for access in [stage.access(), by_certificate] {
        let account = MicrosoftAccount::new(access, noon).unwrap();
        let source = stage.lists_of(account.clone(), &["Rota"]);
        read(&source).await;
        for fault in [Fault::Html { code: 200 }, Fault::Reset, Fault::Empty] {
            for route in [Route::Token, Route::Items] {
                stage.graph.fail(route, fault.clone(), Some(1));
                stage.graph.expire_tokens();
                if let Err(fault) = source.fetch(None).await {
                    log.note(&fault.to_string());
                }
                stage.graph.heal();
            }
        }
        stage.graph.page_size(1);
        stage.graph.mischief(Some(Mischief::OtherHost));
        log.note(&source.fetch(None).await.unwrap_err().to_string());
        stage.graph.mischief(None);
        stage.graph.put_file(&stage.site, "Rota.csv", "1st\nAna\n");
        let site = Site::parse(crate::stage::SITE).unwrap();
        read(&ExcelOnline::new(account, Drive::Site(site), "Rota.csv".into())).await;
    }
    let log = log.0.lock().unwrap().clone();
    assert!(!log.is_empty());
    let sent = stage.graph.journal();
    let assertions = sent.iter().filter_map(|request| {
        let body = String::from_utf8(request.body.clone()).ok()?;
        let (_, assertion) = body.split_once("client_assertion=")?;
        Some(assertion.split('&').next().unwrap().to_owned())
    });
    let mut secrets: Vec<String> = assertions.chain(stage.graph.tokens()).collect();
    assert!(secrets.len() > 4);
    secrets.push(stage.graph.client_secret().into());
    secrets.extend(certificate.lines().filter(|line| line.len() > 40).map(str::to_owned));
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret}");
    }
}

impl Everything {
    fn note(&self, words: &str) {
        writeln!(self.0.lock().unwrap(), "{words}").unwrap();
    }
}
