//! Notices posted to a real listener, and handed to a texter that writes down what it gets.

mod mails;

use super::*;
use secrecy::SecretString;
use std::collections::VecDeque;
use std::sync::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn notice() -> Notice {
    Notice {
        hotline: HotlineName("lab".into()),
        headline: "The rota is not fresh.".into(),
        words: "Nobody could read it for 15 minutes. Look after the source.".into(),
        at: "2026-03-01T22:10:00Z".parse().unwrap(),
    }
}

/// Answers each request with the next of these, then with the last again; gives all that was posted.
async fn listener(answers: &[&str]) -> (String, Arc<Mutex<Vec<String>>>) {
    let posted = Arc::new(Mutex::new(Vec::new()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/services/T0/secret-part", listener.local_addr().unwrap());
    let mut answers: VecDeque<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
    let written = Arc::clone(&posted);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            // The body is the only thing that ends with two closing braces or one; a request is small.
            while !request.ends_with(b"}") {
                let mut piece = [0; 4096];
                let read = stream.read(&mut piece).await.unwrap();
                assert_ne!(read, 0, "cut off");
                request.extend_from_slice(&piece[..read]);
            }
            written.lock().unwrap().push(String::from_utf8(request).unwrap());
            let answer = if answers.len() > 1 {
                answers.pop_front()
            } else {
                answers.front().cloned()
            };
            stream.write_all(answer.unwrap().as_bytes()).await.unwrap();
        }
    });
    (address, posted)
}

fn webhook(address: &str) -> Webhook {
    Webhook::new(&SecretString::from(address)).unwrap()
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
const GONE: &str = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const BUSY: &str = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const AWAY: &str = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn a_notice_is_posted_as_json_that_chat_programs_show() {
    let (address, posted) = listener(&[OK]).await;
    assert!(Notifier::new(Some(webhook(&address)), None, vec![]).tell(&notice()).await);
    let request = posted.lock().unwrap()[0].clone();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /services/T0/secret-part HTTP/1.1"), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "text": "*lab: The rota is not fresh.*\nNobody could read it for 15 minutes. Look after the source.",
            "hotline": "lab",
            "headline": "The rota is not fresh.",
            "words": "Nobody could read it for 15 minutes. Look after the source.",
            "at": "2026-03-01T22:10:00Z",
        })
    );
}

/// What a cell says must not call a whole company, whoever is let into the sheet.
#[tokio::test]
async fn words_out_of_a_sheet_are_only_words() {
    let (address, posted) = listener(&[OK]).await;
    let hostile = Notice {
        words: "\"<!channel> @here <https://x.example|Ana> & Co\" is not in Contacts.".into(),
        ..notice()
    };
    assert!(Notifier::new(Some(webhook(&address)), None, vec![]).tell(&hostile).await);
    let request = posted.lock().unwrap()[0].clone();
    let body: serde_json::Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(
        body["text"],
        "*lab: The rota is not fresh.*\n\"&lt;!channel&gt; @\u{200b}here &lt;https://x.example|Ana&gt; &amp; Co\" is not in Contacts."
    );
    assert_eq!(body["words"], hostile.words);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_will_not_is_not() {
    let (address, posted) = listener(&[BUSY, OK]).await;
    assert!(Notifier::new(Some(webhook(&address)), None, vec![]).tell(&notice()).await);
    assert_eq!(posted.lock().unwrap().len(), 2);
    for answer in [GONE, AWAY] {
        let (address, posted) = listener(&[answer]).await;
        let hook = webhook(&address);
        let fault = hook.post(&notice()).await.unwrap_err();
        assert!(matches!(fault, Untold::Never(_)), "{fault:?}");
        assert!(!format!("{fault:?} {fault} {hook:?}").contains("secret-part"), "{fault:?}");
        assert!(!Notifier::new(Some(hook), None, vec![]).tell(&notice()).await);
        assert_eq!(posted.lock().unwrap().len(), 2, "once by each");
    }
    let unreachable = webhook("http://127.0.0.1:9/secret-part").post(&notice()).await.unwrap_err();
    assert!(matches!(unreachable, Untold::Later { .. }), "{unreachable:?}");
    assert!(!format!("{unreachable:?}").contains("secret-part"), "{unreachable:?}");
}

/// Whoever can answer for the chat program cannot send a notice, or us, anywhere.
#[tokio::test]
async fn a_redirection_takes_a_notice_nowhere() {
    for status in [301, 302, 303, 307, 308] {
        let (elsewhere, heard_there) = listener(&[OK]).await;
        let answer = format!("HTTP/1.1 {status} Away\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let (address, posted) = listener(&[&answer]).await;
        assert!(!Notifier::new(Some(webhook(&address)), None, vec![]).tell(&notice()).await);
        assert_eq!(posted.lock().unwrap().len(), 1, "{status}");
        assert_eq!(heard_there.lock().unwrap().len(), 0, "{status}");
    }
}

#[test]
fn only_safe_addresses_take_notices() {
    for good in [
        "https://hooks.slack.example/services/a/b?sig=c",
        "http://127.0.0.1:80/x",
        "http://localhost/",
    ] {
        assert!(Webhook::new(&SecretString::from(good)).is_ok(), "{good}");
    }
    for bad in [
        "http://hooks.example/secret",
        "https://me:secret@hooks.example/",
        "https://hooks.example/#secret",
        "secret",
        "ftp://x/secret",
    ] {
        let fault = Webhook::new(&SecretString::from(bad)).unwrap_err();
        assert!(!fault.contains("secret"), "{fault}");
    }
}

/// Writes down what it is to send, and fails as it is told.
#[derive(Default)]
struct Written {
    texts: Mutex<Vec<(String, Instant)>>,
    faults: Mutex<VecDeque<Untold>>,
}

#[async_trait]
impl Texter for Written {
    async fn text(&self, hotline: &HotlineName, to: &Phone, body: &str) -> Result<(), Untold> {
        let line = format!("{hotline} {} {body}", to.address());
        self.texts.lock().unwrap().push((line, Clock::monotonic()));
        self.faults.lock().unwrap().pop_front().map_or(Ok(()), Err)
    }
}

fn numbers() -> Vec<Phone> {
    ["+61491570156", "+61491570157"]
        .map(|text| Phone::from_e164(text).unwrap())
        .to_vec()
}

#[tokio::test(start_paused = true)]
async fn everybody_gets_a_short_text_and_nobody_a_flood() {
    let written = Arc::new(Written::default());
    let notifier = Notifier::new(None, Some(Arc::clone(&written) as Arc<dyn Texter>), numbers());
    let long = Notice {
        words: "x".repeat(2000),
        ..notice()
    };
    let short = notice();
    tokio::join!(notifier.tell(&short), notifier.tell(&long));
    let texts = written.texts.lock().unwrap();
    let first = "lab +61491570156 lab: The rota is not fresh. Nobody could read it for 15 minutes. Look after the source.";
    assert_eq!(texts.iter().filter(|(text, _)| text == first).count(), 1);
    assert_eq!(texts.len(), 4);
    for (text, _) in texts.iter() {
        assert!(text.chars().count() <= "lab +61491570156 ".len() + 320, "{text}");
    }
    for number in numbers() {
        let mut times = texts.iter().filter(|(text, _)| text.contains(number.address())).map(|(_, at)| *at);
        let (one, other) = (times.next().unwrap(), times.next().unwrap());
        assert!(other - one >= Duration::from_secs(1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_text_that_may_have_been_sent_is_not_sent_again() {
    let written = Arc::new(Written::default());
    let one = numbers()[..1].to_vec();
    let notifier = Notifier::new(None, Some(Arc::clone(&written) as Arc<dyn Texter>), one);
    *written.faults.lock().unwrap() = [Untold::Never("unsure".into())].into();
    assert!(!notifier.tell(&notice()).await);
    assert_eq!(written.texts.lock().unwrap().len(), 1);
    let later = || Untold::Later {
        why: "unreachable".into(),
        after: None,
    };
    *written.faults.lock().unwrap() = (0..9).map(|_| later()).collect();
    assert!(!notifier.tell(&notice()).await);
    assert_eq!(written.texts.lock().unwrap().len(), 1 + 5, "one try and four more");
    assert!(Notifier::default().tell(&notice()).await, "nobody is to be told");
}
