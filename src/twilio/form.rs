//! A form as the carrier sends it: decoded strictly, read leniently.
//!
//! It must not know what the fields mean.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// The decoded fields of a request, in the order received; a name may come more than once.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

/// More fields are read of nobody: the carrier's own forms have a few dozen, and all are sorted before they are believed.
const MOST_FIELDS: usize = 500;

/// The text is no form: bad percent-encoding, not UTF-8, or fields without end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed form: percent-encoded UTF-8 is expected, and {MOST_FIELDS} fields at most")]
pub struct Malformed;

/// The form lacks something, or holds it in an impossible shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the form has no usable {0}")]
pub struct Missing(pub &'static str);

/// What can be read from a form once its signature is verified.
pub trait FromForm: Sized {
    /// Reads it; fields that nobody asks for are ignored.
    ///
    /// # Errors
    /// [`Missing`] names the field without which nothing can be done.
    fn from_form(form: &Form) -> Result<Self, Missing>;
}

impl Form {
    /// Decodes `application/x-www-form-urlencoded` text, such as a body or a query.
    ///
    /// # Errors
    /// [`Malformed`] for a stray percent sign and for anything that is not UTF-8, because guessing would change what is signed.
    pub fn parse(text: &[u8]) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(text).map_err(|_| Malformed)?;
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        if pairs.clone().count() > MOST_FIELDS {
            return Err(Malformed);
        }
        let fields: Result<Vec<_>, Malformed> = pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                Ok((decode(name)?, decode(value)?))
            })
            .collect();
        Ok(Self(fields?))
    }

    /// The first value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All fields.
    #[must_use]
    pub fn fields(&self) -> &[(String, String)] {
        &self.0
    }

    /// These fields, and after them those of another form.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Form {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl FromForm for Form {
    fn from_form(form: &Form) -> Result<Self, Missing> {
        Ok(form.clone())
    }
}

/// What is made of a form, and the form itself.
impl<T: FromForm> FromForm for (T, Form) {
    fn from_form(form: &Form) -> Result<Self, Missing> {
        Ok((T::from_form(form)?, form.clone()))
    }
}

/// Names only: the values are phone numbers and key presses.
impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

fn decode(text: &str) -> Result<String, Malformed> {
    if !percent_signs_are_good(text.as_bytes()) {
        return Err(Malformed);
    }
    let spaced = if text.contains('+') {
        Cow::Owned(text.replace('+', " "))
    } else {
        Cow::Borrowed(text)
    };
    let decoded = percent_decode_str(&spaced).decode_utf8().map_err(|_| Malformed)?;
    Ok(decoded.into_owned())
}

fn percent_signs_are_good(text: &[u8]) -> bool {
    let is_hex = |at: usize| text.get(at).is_some_and(u8::is_ascii_hexdigit);
    text.iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'%')
        .all(|(at, _)| is_hex(at + 1) && is_hex(at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decodes_what_browsers_and_the_carrier_send() {
        let form = Form::parse(b"From=%2B61491570006&Body=caf%C3%A9+au+lait&Empty=&Bare&&From=second").unwrap();
        let expected = [
            ("From", "+61491570006"),
            ("Body", "café au lait"),
            ("Empty", ""),
            ("Bare", ""),
            ("From", "second"),
        ];
        assert_eq!(form, expected.into_iter().collect());
        assert_eq!(form.get("From"), Some("+61491570006"));
        assert_eq!(form.get("Absent"), None);
        assert_eq!(Form::parse(b""), Ok(Form::default()));
    }

    #[test]
    fn refuses_what_cannot_be_decoded() {
        for bad in [&b"a=%"[..], b"a=%4", b"a=%zz", b"%G1=x", b"a=%FF", b"a=%C3", b"\xff=1"] {
            assert_eq!(Form::parse(bad), Err(Malformed), "{}", bad.escape_ascii());
        }
    }

    #[test]
    fn has_an_end() {
        let fields = |count: usize| vec!["a"; count].join("&");
        assert_eq!(Form::parse(fields(500).as_bytes()).unwrap().fields().len(), 500);
        assert_eq!(Form::parse(fields(501).as_bytes()), Err(Malformed));
    }

    #[test]
    fn debug_shows_no_values() {
        let form: Form = [("From", "+61491570006")].into_iter().collect();
        assert_eq!(format!("{form:?}"), r#"{"From"}"#);
    }

    proptest! {
        #[test]
        fn what_an_independent_encoder_writes_is_read_back(fields in proptest::collection::vec((".{1,12}", ".{0,24}"), 0..8)) {
            let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            prop_assert_eq!(Form::parse(text.as_bytes()).unwrap(), fields.into_iter().collect());
        }
    }
}
