//! Which setting a line names, in four languages, and how each is written. It must not read values.

use crate::roster::cells::times::Hours;
use crate::roster::cells::words::{fold, tidy};

/// A word must be at least this near to be taken for a slip (Jaro-Winkler).
const NEAR: f64 = 0.84;

/// Which setting a key names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Setting {
    TimeZone,
    Handover,
    Country,
    DateOrder,
    LastResort,
    Year,
    /// The meaning of a shift, a code or a role: its name as typed.
    Term(String),
    /// Codes and roles that are never rung.
    Silent,
    /// Headers in the order of ringing.
    Order,
    Unordered,
    Month,
    Team,
    Tabs,
    Coverage,
    Anchor,
    Cycle,
    Turn,
    RowLasts,
    Person,
    /// Of the configuration alone: a sheet cannot say where calls may be sent.
    SipDomains,
    /// Of the configuration alone: the numbers of our own lines.
    OwnNumbers,
    /// Of the configuration alone: which numbers may be rung.
    Reach,
    Heading,
}

/// A setting, how it is called, a line of it, and the words that mean it, folded.
struct Known {
    setting: Setting,
    name: &'static str,
    example: &'static str,
    words: &'static [&'static str],
}

/// How the configuration hands on which SIP domains are allowed.
pub(crate) const SIP_DOMAINS: &str = "SIP domains";
/// How the configuration hands on which numbers are our own.
pub(crate) const OWN_NUMBERS: &str = "Numbers of our hotlines";
/// How the configuration hands on which numbers may be rung, as JSON.
pub(crate) const REACH: &str = "Numbers that may be rung";

#[rustfmt::skip]
const KNOWN: &[Known] = &[
    Known { setting: Setting::TimeZone, name: "Time zone", example: "Time zone | Australia/Melbourne", words: &[
        "time zone", "tz", "zone", "fuseau horaire", "fuseau", "zeitzone", "zona horaria", "huso horario",
    ] },
    Known { setting: Setting::Handover, name: "Handover time", example: "Handover time | 08:00", words: &[
        "handover time", "handover", "hand over time", "change over time", "changeover time", "changeover", "shift change",
        "heure de releve", "releve", "heure de passation", "passation", "ubergabezeit", "ubergabe", "uebergabe", "uebergabezeit",
        "schichtwechsel", "dienstwechsel", "hora de relevo", "relevo", "hora de cambio", "cambio de turno",
    ] },
    Known { setting: Setting::Country, name: "Country for phone numbers", example: "Country for phone numbers | AU", words: &[
        "country for phone numbers", "country", "phone country", "country code", "default country", "pays", "pays des numeros",
        "pays des numeros de telephone", "land", "landeskennung", "land der telefonnummern", "pais", "pais de los telefonos",
        "pais de los numeros",
    ] },
    Known { setting: Setting::DateOrder, name: "Date order", example: "Date order | day first", words: &[
        "date order", "date format", "dates", "ordre des dates", "format de date", "format des dates", "datumsformat", "datumsreihenfolge",
        "formato de fecha", "formato de fechas", "orden de fecha", "orden de fechas",
    ] },
    Known { setting: Setting::LastResort, name: "If nobody answers or the rota runs out, ring", example: "If nobody answers or the rota runs out, ring | Duty manager", words: &[
        "if nobody answers or the rota runs out ring", "if nobody answers ring", "if nobody answers", "last resort", "fallback", "ring last",
        "en dernier recours", "dernier recours", "si personne ne repond", "letzte instanz", "notnagel", "wenn niemand abnimmt",
        "wenn niemand antwortet", "ultimo recurso", "si nadie contesta", "si nadie responde",
    ] },
    Known { setting: Setting::Year, name: "Year", example: "Year | 2026", words: &["year", "annee", "jahr", "ano"] },
    Known { setting: Setting::Heading, name: "Setting", example: "Setting | Value", words: &[
        "setting", "settings", "reglage", "reglages", "parametre", "einstellung", "ajuste", "ajustes",
    ] },
    Known { setting: Setting::Silent, name: "Ignore codes", example: "Ignore codes | D, A/L, OFF", words: &[
        "ignore codes", "ignore code", "ignore", "do not ring", "never ring", "not rung", "roles that must not ring", "codes a ignorer",
        "ignorer", "ne pas appeler", "codes ignorieren", "ignorieren", "nicht anrufen", "ignorar codigos", "codigos ignorados", "no llamar",
    ] },
    Known { setting: Setting::Unordered, name: "People of the same shift", example: "People of the same shift | one after another", words: &[
        "people of the same shift", "same shift", "people on the same shift", "personnes du meme poste", "personnes du meme creneau",
        "meme poste", "personen derselben schicht", "personen der gleichen schicht", "selbe schicht", "gleiche schicht",
        "personas del mismo turno", "mismo turno",
    ] },
    Known { setting: Setting::Order, name: "Order", example: "Order | Primary, Secondary, Manager", words: &[
        "order", "ring order", "order of ringing", "order of columns", "levels", "ordre", "ordre d appel", "ordre dappel", "reihenfolge",
        "anrufreihenfolge", "orden", "orden de llamada",
    ] },
    Known { setting: Setting::Month, name: "Month", example: "Month | March 2026", words: &["month", "mois", "monat", "mes"] },
    Known { setting: Setting::Team, name: "Team", example: "Team | Lab", words: &[
        "team", "teams", "section", "line", "equipe", "gruppe", "abteilung", "equipo", "servicio",
    ] },
    Known { setting: Setting::Tabs, name: "Tabs", example: "Tabs | Rota*", words: &[
        "tabs", "tab", "rota tabs", "rota tab", "onglets", "onglet", "feuilles", "blatter", "blatt", "tabellenblatter", "registerkarten",
        "hojas", "hoja", "pestanas",
    ] },
    Known { setting: Setting::Coverage, name: "Coverage", example: "Coverage | Mon-Fri 09:00-17:00; Sat 10:00-14:00 (or 24/7)", words: &[
        "coverage", "coverage expected", "expected coverage", "cover", "couverture", "couverture attendue", "abdeckung", "besetzung",
        "besetzt", "cobertura", "cobertura esperada",
    ] },
    Known { setting: Setting::Anchor, name: "Cycle starts", example: "Cycle starts | Mon 5 Jan 2026", words: &[
        "cycle starts", "cycle start", "cycle begins", "cycle anchor", "week 1 began", "week 1 starts", "week 1", "rotation starts",
        "rotation start", "rotation begins", "first turn starts", "debut du cycle", "debut de la rotation", "semaine 1", "zyklus beginnt",
        "zyklusbeginn", "rotation beginnt", "woche 1", "inicio del ciclo", "inicio de la rotacion", "semana 1",
    ] },
    Known { setting: Setting::Cycle, name: "Cycle", example: "Cycle | 4 weeks", words: &[
        "cycle", "cycle length", "weeks in cycle", "cycle weeks", "duree du cycle", "zyklus", "zykluslange", "ciclo", "duracion del ciclo",
    ] },
    Known { setting: Setting::Turn, name: "Turn", example: "Turn | 7 days", words: &[
        "turn", "turn length", "turn lasts", "each turn lasts", "rotation length", "turn days", "duree du tour", "tour de garde",
        "dauer eines dienstes", "dienstdauer", "duracion del turno", "cada turno dura",
    ] },
    Known { setting: Setting::RowLasts, name: "Each row lasts", example: "Each row lasts | 1 day (or: until the next row)", words: &[
        "each row lasts", "row lasts", "a row lasts", "each date lasts", "duty lasts", "duree d une ligne", "chaque ligne dure",
        "jede zeile gilt", "jede zeile dauert", "eine zeile gilt", "cada fila dura", "cada linea dura",
    ] },
    Known { setting: Setting::Person, name: "Person", example: "Person | Ana Diaz", words: &[
        "person", "calendar of", "personne", "agenda de", "kalender von", "persona", "calendario de",
    ] },
    Known { setting: Setting::SipDomains, name: SIP_DOMAINS, example: "sip_domains = [\"pbx.example.org\"] (in rotaline.toml)", words: &["sip domains"] },
    Known { setting: Setting::OwnNumbers, name: OWN_NUMBERS, example: "numbers = [\"+61491570006\"] (in rotaline.toml)", words: &["numbers of our hotlines"] },
    Known { setting: Setting::Reach, name: REACH, example: "dial_countries = [\"+61\"] (in rotaline.toml)", words: &[
        "numbers that may be rung", "dial countries", "dial_countries",
    ] },
];

/// Words before the name of a shift, a code or a role.
const TERMS: &[&str] = &[
    "shift", "code", "role", "schicht", "dienst", "rolle", "kode", "poste", "quart", "turno", "codigo", "rol",
];

/// The setting that a key names, and its value, which may stand in the key itself (`Shift: Night 20:00-08:00`).
pub(super) fn setting(key: &str, value: &str) -> Option<(Setting, String)> {
    let key = tidy(key);
    // `Timezone`, `hand-over time`: where the words are parted says nothing.
    let closed = fold(&key).replace(' ', "");
    let is_meant = |known: &&Known| known.words.iter().any(|word| word.chars().filter(|c| *c != ' ').eq(closed.chars()));
    match KNOWN.iter().find(is_meant) {
        Some(known) => Some((known.setting.clone(), value.to_owned())),
        None => term(&key, value),
    }
}

fn term(key: &str, value: &str) -> Option<(Setting, String)> {
    let (kind, name) = key.split_once(|c: char| c == ':' || c.is_whitespace()).unwrap_or((key, ""));
    let name = name.trim_start_matches([':', ' ']).trim();
    if TERMS.contains(&fold(kind).as_str()) && !name.is_empty() {
        if !value.is_empty() {
            return Some((Setting::Term(name.to_owned()), value.to_owned()));
        }
        // `Shift: Night 20:00-08:00` in one cell: the hours begin with the first digit.
        let (front, hours) = name.split_at(name.find(|c: char| c.is_ascii_digit())?);
        let front = front.trim_end_matches(['=', ' ']).to_owned();
        return Some((Setting::Term(front), hours.trim().to_owned()));
    }
    // `Night | 20:00-08:00` can mean nothing else.
    Hours::parse(value).map(|_| (Setting::Term(key.to_owned()), value.to_owned()))
}

/// A line that shows how a setting is written.
pub(super) fn example(setting: &Setting) -> &'static str {
    let known = KNOWN.iter().find(|known| known.setting == *setting);
    known.map_or(
        "Shift: Night | 20:00-08:00, or Code: OC1 | 1st, 18:00-08:00 Mon-Fri, or Role: Shadow | not rung",
        |known| known.example,
    )
}

/// A line of every setting that has a name of its own.
#[cfg(test)]
pub(in super::super) fn examples() -> impl Iterator<Item = &'static str> {
    let settings = KNOWN.iter().filter(|known| {
        !matches!(
            known.setting,
            Setting::Heading | Setting::SipDomains | Setting::OwnNumbers | Setting::Reach
        )
    });
    settings.map(|known| known.example)
}

/// What the value of a setting should have been.
pub(super) const fn expected(setting: &Setting) -> &'static str {
    match setting {
        Setting::TimeZone => "a time zone",
        Setting::Handover => "a time of day such as 08:00",
        Setting::Country => "a country such as AU or Australia",
        Setting::DateOrder => "\"day first\" or \"month first\"",
        Setting::LastResort => "a name or a phone number",
        Setting::Year => "a year such as 2026",
        Setting::Term(_) => "hours or a level, such as 20:00-08:00, or 1st, 18:00-08:00 Mon-Fri, or not rung",
        Setting::Silent => "codes with commas between them",
        Setting::Order => "headers with commas between them",
        Setting::Unordered => "\"one after another\" or \"together\"",
        Setting::Month => "a month such as March 2026",
        Setting::Team => "the name of a team",
        Setting::Tabs => "names of tabs with commas between them",
        Setting::Coverage => "24/7, or hours such as Mon-Fri 09:00-17:00",
        Setting::Anchor => "a date such as Mon 5 Jan 2026",
        Setting::Cycle => "a number of weeks such as 2 weeks",
        Setting::Turn => "a number of days such as 7 days",
        Setting::RowLasts => "\"until the next row\", a number of days such as 1 day, or hours such as 18:00-22:00",
        Setting::Person => "the name of a contact",
        Setting::SipDomains => "domains with commas between them",
        Setting::OwnNumbers => "numbers with commas between them",
        Setting::Reach => "what the configuration hands on",
        Setting::Heading => "a setting",
    }
}

/// What a setting is called.
pub(super) fn name(setting: &Setting) -> String {
    if let Setting::Term(name) = setting {
        return format!("Shift: {name}");
    }
    let known = KNOWN.iter().find(|known| known.setting == *setting);
    known.map_or_else(String::new, |known| known.name.to_owned())
}

/// The setting whose words are spelled most like a key.
pub(super) fn nearest(key: &str) -> Option<&'static str> {
    let wanted: String = fold(key).chars().take(60).collect();
    let all = KNOWN.iter().flat_map(|known| known.words.iter().map(move |word| (known, *word)));
    let scored = all.map(|(known, word)| (strsim::jaro_winkler(word, &wanted), known));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= NEAR).then_some(best.1.example)
}
