//! The bytes of a body or a query, read as a form: what is taken means the same to the URL standard's own reader.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rotaline::twilio::form::Form;

fuzz_target!(|bytes: &[u8]| {
    let Ok(form) = Form::parse(bytes) else { return };
    let theirs: Vec<(String, String)> = url::form_urlencoded::parse(bytes).into_owned().collect();
    assert_eq!(form.fields(), theirs);
    let again = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form.fields())
        .finish();
    assert_eq!(Form::parse(again.as_bytes()).as_ref().map(Form::fields), Ok(form.fields()));
    // What comes twice is read once, the first time; and no value stands in what is logged.
    for (name, _) in form.fields() {
        let first = theirs.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
        assert_eq!(form.get(name), first);
    }
    let names: Vec<String> = form.fields().iter().map(|(name, _)| format!("{name:?}")).collect();
    let is_logged_by_name = names.is_empty() || format!("{form:?}") == format!("{{{}}}", names.join(", "));
    assert!(is_logged_by_name, "{form:?}");
});
