//! What Entra says when it refuses a sign-in, in words that say what to do. Its own texts are not passed on: they
//! repeat what was sent to it.

use crate::SourceError;
use crate::http::Answer;
use serde_json::Value;

/// A refusal of the token endpoint as what it is.
pub(super) fn refusal(answer: &Answer, tenant: &str, client_id: &str) -> SourceError {
    let is_verdict = matches!(answer.status.as_u16(), 400 | 401 | 403 | 404);
    if !is_verdict {
        return answer.refusal_as(format!("the sign-in was answered {}", answer.status.as_u16()));
    }
    match code(&answer.body) {
        Some(code) => SourceError::Auth(words(code, tenant, client_id)),
        None => SourceError::Auth(format!(
            "the sign-in was answered {} without a reason. Check login_base and the tenant \"{tenant}\"",
            answer.status.as_u16()
        )),
    }
}

/// The number behind `AADSTS`.
fn code(body: &[u8]) -> Option<u64> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let listed = body.get("error_codes").and_then(|codes| codes.get(0)).and_then(Value::as_u64);
    listed.or_else(|| {
        let (_, rest) = body.get("error_description")?.as_str()?.split_once("AADSTS")?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..digits)?.parse().ok()
    })
}

/// Entra's list of codes: learn.microsoft.com/entra/identity-platform/reference-error-codes.
fn words(code: u64, tenant: &str, client_id: &str) -> String {
    const SECRETS: &str = "Entra admin center > App registrations > rotaline > Certificates & secrets";
    let words = match code {
        7_000_215 => format!("the client secret is wrong. Take the secret's value, not its id ({SECRETS})"),
        7_000_222 => format!("the client secret has expired. Make a new one ({SECRETS})"),
        700_016 => format!("the tenant \"{tenant}\" has no application {client_id}. Correct the client id or the tenant"),
        90_002 | 900_023 | 900_021 => format!("there is no tenant \"{tenant}\". Correct it"),
        700_027 => format!("the certificate is not one of the application's. Upload it ({SECRETS})"),
        700_024 => "the signed statement is not valid now. Set the clock of this machine right".to_owned(),
        7_000_112 | 700_005 => format!("the application {client_id} is disabled. Enable it under Enterprise applications"),
        7_000_216 | 7_000_218 => "the application wants another kind of proof than was given (a secret or a certificate)".to_owned(),
        500_011 => format!("the tenant \"{tenant}\" does not know Microsoft Graph under this address. Check graph_base"),
        53_003 => "a conditional access policy of the tenant blocks the application. Ask its administrator".to_owned(),
        _ => format!("Entra refused the sign-in; its reason: https://login.microsoftonline.com/error?code={code}"),
    };
    format!("{words} (AADSTS{code})")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bodies as the token endpoint of 2026 gives them, ids changed.
    #[test]
    fn a_code_is_found_listed_or_in_the_text() {
        let listed = br#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.","error_codes":[7000215],"trace_id":"a"}"#;
        assert_eq!(code(listed), Some(7_000_215));
        let told = br#"{"error":"invalid_request","error_description":"AADSTS90002: Tenant 'x' not found."}"#;
        assert_eq!(code(told), Some(90_002));
        for none in [&b"<html>"[..], b"{}", br#"{"error":"x","error_description":"no"}"#] {
            assert_eq!(code(none), None);
        }
    }

    #[test]
    fn each_refusal_says_what_to_do() {
        let told = |code| words(code, "contoso.com", "app-1");
        assert!(told(7_000_222).starts_with("the client secret has expired. Make a new one"));
        assert_eq!(told(90_002), "there is no tenant \"contoso.com\". Correct it (AADSTS90002)");
        assert!(told(700_016).contains("has no application app-1"));
        assert_eq!(
            told(12),
            "Entra refused the sign-in; its reason: https://login.microsoftonline.com/error?code=12 (AADSTS12)"
        );
    }
}
