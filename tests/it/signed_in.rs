//! Somebody who has signed in to a running service, as a browser does it: by a link and its button, or by name and password.

use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use rotaline::access::{Access, Hotlines, Rights, Role, UserName};
use rotaline::web::link_path;
use secrecy::ExposeSecret as _;
use std::net::SocketAddr;

/// A browser with a session.
pub(super) struct Browser {
    pub(super) client: Client,
    pub(super) base: String,
    cookie: String,
    /// What our forms say.
    word: String,
}

/// Lets somebody sign in who may do what this role may, everywhere, and does so.
pub(super) async fn sign_in(access: &Access, address: SocketAddr, role: Role) -> Browser {
    let name = UserName::parse(&format!("the {role}")).unwrap();
    let rights = Rights {
        role,
        hotlines: Hotlines::All,
    };
    // Signed in already in another browser, perhaps.
    let _ = access.add_user(&name, None, &rights).await;
    let link = link_path(&access.make_link(&name).await.unwrap());
    Browser::follow(&format!("http://{address}"), &link).await
}

impl Browser {
    /// Follows a link that signs in.
    pub(super) async fn follow(base: &str, link: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        let request = client.post(format!("{base}{link}")).header("origin", base);
        Self::begin(client, base, request).await
    }

    /// Says a name and a password.
    pub(super) async fn say(base: &str, name: &str, password: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("name", name)
            .append_pair("password", password)
            .finish();
        let request = form_request(client.post(format!("{base}/sign-in")), form).header("origin", base);
        Self::begin(client, base, request).await
    }

    async fn begin(client: Client, base: &str, request: RequestBuilder) -> Self {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let mut browser = Self {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            client,
            base: base.to_owned(),
            word: String::new(),
        };
        let page = browser.page("/account").await;
        let (_, rest) = page.split_once("name=\"form_word\" value=\"").unwrap();
        rest.split('"').next().unwrap().clone_into(&mut browser.word);
        browser
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.base)).header("cookie", &self.cookie)
    }

    /// What is answered, which must be there.
    pub(super) async fn page(&self, path: &str) -> String {
        let answer = self.get(path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    }

    pub(super) async fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.page(path).await).unwrap()
    }

    /// Sends a form of our own page.
    pub(super) async fn post(&self, path: &str, form: &str) -> Response {
        self.post_from(&self.base, path, form).await
    }

    /// Sends a form of a page of somebody else.
    pub(super) async fn post_from(&self, origin: &str, path: &str, form: &str) -> Response {
        let request = self.client.post(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        let form = format!("{form}&form_word={}", self.word);
        form_request(request, form).header("origin", origin).send().await.unwrap()
    }
}

fn form_request(request: RequestBuilder, form: String) -> RequestBuilder {
    request.header("content-type", "application/x-www-form-urlencoded").body(form)
}

/// A token of this role for a program, everywhere.
pub(super) async fn token(access: &Access, role: Role) -> String {
    let rights = Rights {
        role,
        hotlines: Hotlines::All,
    };
    let name = UserName::parse(&format!("a program of {role}")).unwrap();
    access.add_token(&name, &rights).await.unwrap().expose_secret().to_owned()
}
