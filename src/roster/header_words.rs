//! The words that people put above columns, in English, French, German and Spanish, with some Italian and Portuguese.
//! All of them folded: lower case, without accents and punctuation. What they stand for is said in `header`.

#[rustfmt::skip]
pub(super) const FROM: &[&str] = &[
    "date", "from", "start", "on", "week", "week commencing", "week starting", "week start", "week beginning", "w c", "wc", "w b",
    "commencing", "beginning", "begins", "starts", "shift start", "week of", "day1", "jour du", "semaine", "semaine du", "du", "debut",
    "de", "a partir de", "datum", "woche", "kw", "ab", "von", "beginn", "anfang", "fecha", "semana", "semana del", "desde", "inicio",
    "data", "dal", "inizio", "handover",
];
#[rustfmt::skip]
pub(super) const UNTIL: &[&str] = &[
    "end", "to", "until", "till", "ends", "shift end", "finish", "off", "fin", "au", "jusqu a", "jusqua", "jusqu au", "jusquau", "a",
    "bis", "ende", "enddatum", "hasta", "fine", "al", "ate", "fim",
];
#[rustfmt::skip]
pub(super) const DAY: &[&str] = &[
    "day", "tag", "jour", "dia", "giorno",
];
#[rustfmt::skip]
pub(super) const WEEKDAY: &[&str] = &[
    "weekday", "day of week", "day of the week", "wochentag", "jour de la semaine", "dia de la semana", "dow",
];
#[rustfmt::skip]
pub(super) const TIME: &[&str] = &[
    "time", "shift time", "time window", "time block", "hours", "start time", "end time", "time from", "time to", "from time",
    "to time", "until time", "horaire", "heures", "heure", "heure de debut", "heure de fin", "plage", "schichtzeit", "uhrzeit", "zeit",
    "horario", "horas", "hora", "hora inicio", "hora fin", "orario", "start hour", "end hour",
];
#[rustfmt::skip]
pub(super) const PERSON: &[&str] = &[
    "name", "full name", "staff", "staff name", "teacher", "employee", "employee name", "member", "worker names", "worker name",
    "support worker", "associate name", "doctor", "person", "oncall", "on call", "on duty", "who", "user", "responder", "volunteer",
    "clinician", "people", "contact name", "nom et prenom", "nom prenom", "agent", "medecin", "personne", "de garde", "d astreinte",
    "dastreinte", "astreinte", "mitarbeiter", "mitarbeiterin", "dienst", "diensthabende", "diensthabender", "nombre", "operador",
    "persona", "de guardia", "guardia", "nome", "plantonista",
];
#[rustfmt::skip]
pub(super) const GIVEN_NAME: &[&str] = &[
    "first name", "firstname", "given name", "forename", "prenom", "vorname",
];
#[rustfmt::skip]
pub(super) const FAMILY_NAME: &[&str] = &[
    "surname", "last name", "lastname", "family name", "nom", "nom de famille", "nachname", "familienname", "apellido", "apellidos",
    "cognome",
];
#[rustfmt::skip]
pub(super) const FIRST: &[&str] = &[
    "primary", "first", "1st", "lead", "main", "senior", "titulaire", "principal", "premier", "vordergrund", "vordergrunddienst",
    "erster", "erste", "hauptdienst", "一线", "titular", "primero", "primera", "presencial", "primo", "first call", "first on",
];
#[rustfmt::skip]
pub(super) const SECOND: &[&str] = &[
    "secondary", "backup", "back up", "second", "2nd", "junior", "reserve", "standby", "stand by", "deputy", "cover", "suppleant",
    "renfort", "doublure", "deuxieme", "hintergrund", "hintergrunddienst", "vertretung", "stellvertreter", "ersatz", "zweiter",
    "zweite", "二线", "suplente", "segundo", "segunda", "reserva", "reten", "localizada", "secondo", "apoio",
];
#[rustfmt::skip]
pub(super) const THIRD: &[&str] = &[
    "tertiary", "third", "3rd", "troisieme", "三线", "dritter", "dritte", "tercero", "tercera", "terzo", "terceiro",
];
#[rustfmt::skip]
pub(super) const LAST_LEVEL: &[&str] = &[
    "escalation", "manager", "duty manager", "on call manager", "cadre", "cadre d astreinte", "cadre dastreinte", "responsable",
    "oberarzt", "bereitschaftsleitung", "jefe de guardia", "escalado",
];
#[rustfmt::skip]
pub(super) const NUMBERED: &[&str] = &[
    "l", "n", "level", "tier", "line", "call", "person", "oncall", "on call", "responder", "astreinte", "niveau", "stufe", "ebene",
    "nivel", "reperibile", "dienst", "p",
];
#[rustfmt::skip]
pub(super) const SHIFT: &[&str] = &[
    "morning", "mornings", "evening", "evenings", "night", "nights", "early", "late", "am", "pm", "eve", "weekend", "twilight",
    "long day", "afternoon", "overnight", "daytime", "days", "白班", "夜班", "matin", "apres midi", "soir", "nuit", "journee", "fruh", "fruhdienst",
    "fruehdienst", "frueh", "spat", "spatdienst", "spaetdienst", "spaet", "nacht", "nachtdienst", "tagdienst", "wochenende", "manana",
    "tarde", "noche", "diurno", "nocturno", "mattina", "pomeriggio", "notte", "sera", "noturno",
];
#[rustfmt::skip]
pub(super) const PHONE: &[&str] = &[
    "phone", "phone no", "contact no", "contact", "mobile", "cell", "tel", "telephone", "phones", "contact number", "bleep", "pager",
    "ext", "tel no", "portable", "gsm", "numero", "poste", "telefon", "telefonnummer", "handy", "handynummer", "mobil", "mobilnummer",
    "rufnummer", "durchwahl", "telefono", "movil", "celular", "cellulare", "telefone", "number", "nummer", "mobile no",
];
#[rustfmt::skip]
pub(super) const SECOND_PHONE: &[&str] = &[
    "second phone", "other phone", "alternative phone", "alternate phone", "backup phone", "second number", "home phone", "phone 2",
    "mobile 2", "tel 2", "number 2", "deuxieme telephone", "autre telephone", "zweite nummer", "zweites telefon", "segundo telefono",
    "otro telefono", "secondary phone", "landline", "festnetz",
];
#[rustfmt::skip]
pub(super) const ALIAS: &[&str] = &[
    "also known as", "aka", "initials", "initial", "nickname", "code", "trigram", "short name", "alias", "aliases", "trigramme",
    "initiales", "surnom", "kurzel", "kuerzel", "initialen", "spitzname", "siglas", "iniciales", "email", "e mail", "mail", "username",
    "staff id", "user id",
];
#[rustfmt::skip]
pub(super) const TEAM: &[&str] = &[
    "team", "domain", "discipline", "zone", "unit", "department", "group", "service", "site", "rota", "schedule", "queue", "equipe",
    "ligne", "gruppe", "abteilung", "station", "bereich", "equipo", "servicio", "sede", "squadra",
];
#[rustfmt::skip]
pub(super) const NOT_RUNG: &[&str] = &[
    "shadow", "observer", "trainee", "zero days", "annual leave", "study leave", "leave", "observateur", "conges", "rtt", "repos",
    "hospitation", "urlaub", "frei", "krank", "observador", "vacaciones", "libre", "baja",
];
#[rustfmt::skip]
pub(super) const NOTES: &[&str] = &[
    "notes", "note", "comment", "comments", "remark", "remarks", "reason", "occasion", "why", "remarques", "commentaire",
    "commentaires", "observations", "bemerkung", "bemerkungen", "notiz", "hinweis", "grund", "motif", "motivo", "observaciones",
    "notas", "holiday", "备注",
];
