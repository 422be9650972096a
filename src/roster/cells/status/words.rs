//! The words of a column Status, in English, French, German and Spanish. All of them folded: lower case, without accents
//! and punctuation.

#[rustfmt::skip]
pub(super) const AWAY: &[&str] = &[
    "away", "off", "off duty", "off sick", "off work", "sick", "sick leave", "sickness", "ill", "leave", "annual leave", "a l", "al", "parental leave",
    "maternity leave", "paternity leave", "holiday", "holidays", "vacation", "busy", "meeting", "travelling", "traveling", "business trip", "training",
    "absent", "absence", "unavailable", "not available", "unreachable", "not reachable", "out", "out of office", "ooo", "not here", "not working",
    "do not ring", "do not call", "do not disturb", "dnd", "day off", "days off", "rest", "rest day",
    "weg", "abwesend", "abwesenheit", "nicht da", "nicht verfugbar", "nicht verfuegbar", "nicht erreichbar", "krank", "krankgeschrieben", "krankheit",
    "urlaub", "ferien", "elternzeit", "mutterschutz", "beschaftigt", "beschaeftigt", "besetzt", "besprechung", "dienstreise", "verreist",
    "fortbildung", "dienstfrei", "nicht anrufen", "nicht storen", "nicht stoeren", "ausser haus", "verhindert",
    "absente", "indisponible", "pas disponible", "non disponible", "pas la", "malade", "maladie", "arret", "arret maladie", "conge", "conges",
    "conge maternite", "conge paternite", "conge parental", "vacances", "occupe", "occupee", "reunion", "deplacement", "formation", "repos", "rtt",
    "ne pas appeler", "ne pas deranger", "parti", "partie", "injoignable",
    "fuera", "ausente", "ausencia", "no disponible", "enfermo", "enferma", "baja", "baja medica", "vacaciones", "permiso", "ocupado", "ocupada",
    "viaje", "no llamar", "no molestar", "descanso", "no esta", "ilocalizable",
];
#[rustfmt::skip]
pub(super) const HERE: &[&str] = &[
    "available", "here", "present", "in", "in office", "at work", "working", "active", "ok", "okay", "yes", "on duty", "on call", "ready", "reachable",
    "back at work", "back again",
    "da", "anwesend", "verfugbar", "verfuegbar", "erreichbar", "aktiv", "dienst", "im dienst", "bereit", "wieder da", "ja",
    "disponible", "presente", "actif", "la", "en service", "service", "joignable", "au travail", "de garde", "oui",
    "aqui", "activo", "activa", "localizable", "en servicio", "servicio", "trabajando", "de guardia", "si",
];
/// Small words before a status.
#[rustfmt::skip]
pub(super) const FILLERS: &[&str] = &[
    "i", "am", "im", "is", "currently", "on", "at", "the", "in", "a", "ich", "bin", "ist", "derzeit", "zurzeit", "auf", "bei", "je", "suis", "est", "en",
    "au", "de", "estoy", "esta", "actualmente", "still", "noch", "encore",
];
#[rustfmt::skip]
pub(super) const UNTIL: &[&str] = &[
    "until", "till", "til", "through", "thru", "up to", "up to and including", "bis", "bis zum", "bis einschliesslich", "bis inklusive",
    "jusqua", "jusqu a", "jusquau", "jusqu au", "hasta", "hasta el",
];
/// With a date the end, alone the contrary.
#[rustfmt::skip]
pub(super) const BACK: &[&str] = &[
    "back", "is back", "returns", "returning", "return", "back from", "zuruck", "zurueck", "wieder da", "wieder zuruck", "wieder zurueck", "wieder",
    "zuruck ab", "wieder ab", "wieder da ab", "retour", "de retour", "de retour a partir du", "revient", "vuelve", "vuelta", "de vuelta", "regresa",
    "regreso", "de regreso",
];
#[rustfmt::skip]
pub(super) const FROM: &[&str] = &[
    "from", "as of", "starting", "ab", "ab dem", "von", "vom", "a partir du", "a partir de", "des", "du", "a partir del", "desde", "desde el",
];
/// Small words between a mark and a date.
#[rustfmt::skip]
pub(super) const END_FILLERS: &[&str] = &[
    "on", "the", "at", "and", "including", "incl", "am", "den", "dem", "zum", "um", "einschliesslich", "inklusive", "inkl", "le", "la", "les", "el", "dia",
    "las", "a", "de", "from", "ab",
];
#[rustfmt::skip]
pub(super) const FURTHER_NOTICE: &[&str] = &[
    "further notice", "notice", "weiteres", "auf weiteres", "nouvel ordre", "nuevo aviso",
];
