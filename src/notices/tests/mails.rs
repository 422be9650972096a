//! Letters handed to a mail server on loopback, which speaks as much of SMTP (RFC 5321) as a letter needs.

use super::*;
use crate::config::{self, MailSecurity};
use tokio::io::{AsyncBufReadExt as _, BufReader};

/// What a server is told, line by line, over all its connections.
type Heard = Arc<Mutex<Vec<String>>>;

/// Answers `verb` with each of these in turn, and afterwards, as everything else, politely. An empty answer is none.
async fn post_office(verb: &'static str, answers: &[&'static str]) -> (u16, Heard) {
    let heard = Heard::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let answers: Arc<Mutex<VecDeque<&'static str>>> = Arc::new(Mutex::new(answers.iter().copied().collect()));
    let written = Arc::clone(&heard);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (answers, written) = (Arc::clone(&answers), Arc::clone(&written));
            tokio::spawn(async move { converse(stream, verb, &answers, &written).await });
        }
    });
    (port, heard)
}

async fn converse(stream: tokio::net::TcpStream, verb: &str, answers: &Mutex<VecDeque<&'static str>>, heard: &Mutex<Vec<String>>) {
    let (reading, mut writing) = stream.into_split();
    writing.write_all(b"220 post.example\r\n").await.unwrap();
    let mut lines = BufReader::new(reading).lines();
    let mut is_letter = false;
    while let Ok(Some(line)) = lines.next_line().await {
        heard.lock().unwrap().push(line.clone());
        if is_letter && line != "." {
            continue;
        }
        let planned = line.starts_with(verb).then(|| answers.lock().unwrap().pop_front()).flatten();
        let usual = match line.split(' ').next().unwrap() {
            "EHLO" => "250-post.example\r\n250 AUTH PLAIN",
            "AUTH" => "235 welcome",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        let answer = planned.unwrap_or(usual);
        is_letter = line == "DATA" && answer.starts_with("354");
        if answer.is_empty() {
            continue;
        }
        if writing.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

fn settings(port: u16) -> config::Mail {
    config::Mail {
        host: "127.0.0.1".into(),
        port,
        security: MailSecurity::None,
        login: None,
        from: "hotline@example.org".into(),
        to: vec!["ops@example.org".into()],
    }
}

fn mail(port: u16) -> Mail {
    Mail::to_all(&settings(port)).unwrap().remove(0)
}

fn count(heard: &Heard, line: &str) -> usize {
    heard.lock().unwrap().iter().filter(|heard| *heard == line).count()
}

/// The last letter that was handed over, head and body.
fn letter(heard: &Heard) -> (Vec<String>, String) {
    let heard = heard.lock().unwrap();
    let begin = heard.iter().rposition(|line| line == "DATA").unwrap() + 1;
    let end = heard.iter().rposition(|line| line == ".").unwrap();
    let head_end = begin + heard[begin..].iter().position(String::is_empty).unwrap();
    (heard[begin..head_end].to_vec(), heard[head_end + 1..end].join("\n"))
}

#[tokio::test]
async fn a_notice_is_a_plain_letter_to_each_recipient() {
    let (port, heard) = post_office("", &[]).await;
    let both = config::Mail {
        login: Some(("hotline".into(), SecretString::from("pass word"))),
        to: vec!["ops@example.org".into(), "chief@example.org".into()],
        ..settings(port)
    };
    let notifier = Notifier::default().mailing(Mail::to_all(&both).unwrap());
    assert!(notifier.tell(&notice()).await);
    for (line, times) in [
        // base64 of NUL hotline NUL pass word.
        ("AUTH PLAIN AGhvdGxpbmUAcGFzcyB3b3Jk", 2),
        ("MAIL FROM:<hotline@example.org>", 2),
        ("RCPT TO:<ops@example.org>", 1),
        ("RCPT TO:<chief@example.org>", 1),
        ("From: rotaline <hotline@example.org>", 2),
        ("Subject: lab: The rota is not fresh.", 2),
        ("Date: Sun, 01 Mar 2026 22:10:00 +0000", 2),
        ("Auto-Submitted: auto-generated", 2),
        ("Content-Type: text/plain; charset=utf-8", 2),
    ] {
        assert_eq!(count(&heard, line), times, "{line}\n{:#?}", heard.lock().unwrap());
    }
    let named = |heard: &Heard| {
        let heard = heard.lock().unwrap();
        heard
            .iter()
            .filter(|line| line.starts_with("Message-ID: <"))
            .cloned()
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(named(&heard).len(), 1, "one name for one notice");
    let other = Notice {
        headline: "The rota is fresh again.".into(),
        ..notice()
    };
    mail(port).send(&other).await.unwrap();
    assert_eq!(named(&heard).len(), 2);
    let words = "Nobody could read it for 15 minutes. Look after the source.\n\n-- \nrotaline, hotline lab, 1 Mar 2026 22:10 UTC\n";
    assert_eq!(letter(&heard).1, words);
}

#[tokio::test]
async fn a_headline_writes_no_headers_and_words_end_no_letter() {
    let (port, heard) = post_office("", &[]).await;
    let hostile = Notice {
        headline: "x\r\nBcc: all@example.org\r\n\r\ny".into(),
        words: "a\r\n.\r\nMAIL FROM:<x@example.org>\r\n".into(),
        ..notice()
    };
    mail(port).send(&hostile).await.unwrap();
    let (head, body) = letter(&heard);
    assert!(head.contains(&"Subject: lab: x  Bcc: all@example.org    y".to_owned()), "{head:?}");
    assert!(!head.iter().any(|line| line.starts_with("Bcc:")), "{head:?}");
    assert!(body.starts_with("a\n..\nMAIL FROM:<x@example.org>\n"), "a dot is doubled: {body}");
}

#[tokio::test]
async fn what_a_server_may_take_later_is_tried_again_and_what_it_refuses_is_not() {
    let (port, heard) = post_office("RCPT", &["450 greylisted, come back"]).await;
    assert!(Notifier::default().mailing(vec![mail(port)]).tell(&notice()).await);
    assert_eq!(count(&heard, "RCPT TO:<ops@example.org>"), 2);
    for (verb, answer) in [
        ("RCPT", "550 no such\tuser"),
        ("MAIL", "553 not from you"),
        ("DATA", "554 no"),
        (".", "554 looks like spam"),
    ] {
        let (port, _) = post_office(verb, &[answer]).await;
        let untold = mail(port).send(&notice()).await.unwrap_err();
        let words = answer[4..].replace('\t', " ");
        assert!(matches!(&untold, Untold::Never(why) if why.contains(&words)), "{untold:?}");
    }
    let wrong = config::Mail {
        login: Some(("hotline".into(), SecretString::from("s3cr3t"))),
        ..settings(post_office("AUTH", &["535 who are you"]).await.0)
    };
    let untold = Mail::to_all(&wrong).unwrap()[0].send(&notice()).await.unwrap_err();
    assert!(
        matches!(untold, Untold::Never(_)) && !format!("{untold:?}").contains("s3cr3t"),
        "{untold:?}"
    );
}

#[tokio::test]
async fn a_server_that_is_slow_silent_or_away_is_tried_later() {
    let (port, _) = post_office(".", &[""]).await;
    let untold = mail(port).within(Duration::from_millis(300)).send(&notice()).await.unwrap_err();
    assert!(
        matches!(&untold, Untold::Later { why, .. } if why.contains("did not answer")),
        "{untold:?}"
    );
    let untold = mail(9).send(&notice()).await.unwrap_err();
    assert!(matches!(untold, Untold::Later { .. }), "{untold:?}");
}

/// In the open nothing goes where the operator wants it encrypted.
#[tokio::test]
async fn a_server_without_encryption_gets_no_letter() {
    let (port, heard) = post_office("", &[]).await;
    let private = config::Mail {
        security: MailSecurity::StartTls,
        login: Some(("hotline".into(), SecretString::from("s3cr3t"))),
        ..settings(port)
    };
    Mail::to_all(&private).unwrap()[0].send(&notice()).await.unwrap_err();
    let heard = heard.lock().unwrap();
    assert!(
        !heard.iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")),
        "{heard:?}"
    );
}
