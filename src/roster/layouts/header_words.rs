//! The words that people put above columns, in English, French, German and Spanish, with some Italian, Portuguese
//! and Chinese.
//! All of them folded: lower case, without accents and punctuation. What they stand for is said in `header`.

#[rustfmt::skip]
pub(crate) const FROM: &[&str] = &[
    "date", "from", "start", "on", "week", "week commencing", "week starting", "week start", "week beginning", "w c", "wc", "w b",
    "commencing", "beginning", "begins", "starts", "shift start", "week of", "day1", "jour du", "semaine", "semaine du", "du", "debut",
    "de", "a partir de", "datum", "woche", "kw", "ab", "von", "beginn", "anfang", "fecha", "semana", "semana del", "desde", "inicio",
    "data", "dal", "inizio", "handover",
    "week starts", "date from", "from date", "start of week", "date de debut", "a compter du", "startdatum", "fecha de inicio", "fecha inicio", "a partir del", "data inizio", "data inicio", "日期", "开始日期", "开始", "起始日期",
];
#[rustfmt::skip]
pub(crate) const UNTIL: &[&str] = &[
    "end", "to", "until", "till", "ends", "shift end", "finish", "off", "fin", "au", "jusqu a", "jusqua", "jusqu au", "jusquau", "a",
    "bis", "ende", "enddatum", "hasta", "fine", "al", "ate", "fim",
    "through", "thru", "end of shift", "date to", "to date", "end date", "date de fin", "bis zum", "fecha de fin", "fecha fin", "data fine", "data fim", "结束日期", "结束", "截止日期",
];
#[rustfmt::skip]
pub(crate) const DAY: &[&str] = &[
    "day", "tag", "jour", "dia", "giorno",
];
#[rustfmt::skip]
pub(crate) const WEEKDAY: &[&str] = &[
    "weekday", "day of week", "day of the week", "wochentag", "jour de la semaine", "dia de la semana", "dow",
    "week day", "day name", "giorno della settimana", "dia da semana", "星期", "周",
];
#[rustfmt::skip]
pub(crate) const TIME: &[&str] = &[
    "time", "shift time", "time window", "time block", "hours", "start time", "end time", "time from", "time to", "from time",
    "to time", "until time", "horaire", "heures", "heure", "heure de debut", "heure de fin", "plage", "schichtzeit", "uhrzeit", "zeit",
    "horario", "horas", "hora", "hora inicio", "hora fin", "orario", "start hour", "end hour",
    "timing", "timings", "shift hours", "working hours", "shift times", "duty hours", "arbeitszeit", "dienstzeit", "von bis", "horaires", "creneau", "plage horaire", "orari", "ore", "时间", "时段", "班次时间",
];
#[rustfmt::skip]
pub(crate) const PERSON: &[&str] = &[
    "name", "full name", "staff", "staff name", "teacher", "employee", "employee name", "member", "worker names", "worker name",
    "support worker", "associate name", "doctor", "person", "oncall", "on call", "on duty", "who", "user", "responder", "volunteer",
    "clinician", "people", "contact name", "nom et prenom", "nom prenom", "agent", "medecin", "personne", "de garde", "d astreinte",
    "dastreinte", "astreinte", "mitarbeiter", "mitarbeiterin", "dienst", "diensthabende", "diensthabender", "nombre", "operador",
    "persona", "de guardia", "guardia", "nome", "plantonista",
    "user name", "names", "person on call", "on call name", "duty person", "duty doctor", "duty officer", "engineer", "on call engineer", "technician", "nurse", "physician", "provider", "assigned to", "assignee", "assigned", "medecin de garde", "agent d astreinte", "nom de l agent", "mitarbeitername", "arzt", "arztin", "techniker", "diensthabender arzt", "medico", "tecnico", "responsable de guardia", "medico de guardia", "reperibile", "persona de guardia", "姓名", "名字", "值班", "值班人", "值班人员", "值班医生", "医生", "人员",
];
#[rustfmt::skip]
pub(crate) const GIVEN_NAME: &[&str] = &[
    "first name", "firstname", "given name", "forename", "prenom", "vorname",
];
#[rustfmt::skip]
pub(crate) const FAMILY_NAME: &[&str] = &[
    "surname", "last name", "lastname", "family name", "nom", "nom de famille", "nachname", "familienname", "apellido", "apellidos",
    "cognome",
];
#[rustfmt::skip]
pub(crate) const FIRST: &[&str] = &[
    "primary", "first", "1st", "lead", "main", "senior", "titulaire", "principal", "premier", "vordergrund", "vordergrunddienst",
    "erster", "erste", "hauptdienst", "titular", "primero", "primera", "presencial", "primo", "first call", "first on",
    "firstline", "first line", "1st line", "1st on", "premier appel", "primera llamada", "1er", "first on call", "一线", "主班", "一值",
];
#[rustfmt::skip]
pub(crate) const SECOND: &[&str] = &[
    "secondary", "backup", "back up", "second", "2nd", "junior", "reserve", "standby", "stand by", "deputy", "cover", "suppleant",
    "renfort", "doublure", "deuxieme", "hintergrund", "hintergrunddienst", "vertretung", "stellvertreter", "ersatz", "zweiter",
    "zweite", "suplente", "segundo", "segunda", "reserva", "reten", "localizada", "secondo", "apoio",
    "second line", "2nd line", "2nd on", "second call", "second on", "second on call", "deuxieme appel", "segunda llamada", "2e", "2eme", "二线", "副班", "二值", "seconda",
];
#[rustfmt::skip]
pub(crate) const THIRD: &[&str] = &[
    "tertiary", "third", "3rd", "troisieme", "dritter", "dritte", "tercero", "tercera", "terzo", "terceiro",
    "third line", "3rd line", "3rd on", "third call", "third on", "third on call", "3e", "3eme", "terza", "三线",
];
#[rustfmt::skip]
pub(crate) const LAST_LEVEL: &[&str] = &[
    "escalation", "manager", "duty manager", "on call manager", "cadre", "cadre d astreinte", "cadre dastreinte", "responsable",
    "oberarzt", "bereitschaftsleitung", "jefe de guardia", "escalado",
    "escalation manager", "escalade", "eskalation", "bereitschaftsleiter",
];
#[rustfmt::skip]
pub(crate) const NUMBERED: &[&str] = &[
    "l", "n", "level", "tier", "line", "call", "person", "oncall", "on call", "responder", "astreinte", "niveau", "stufe", "ebene",
    "nivel", "reperibile", "dienst", "p",
];
#[rustfmt::skip]
pub(crate) const SHIFT: &[&str] = &[
    "morning", "mornings", "evening", "evenings", "night", "nights", "early", "late", "am", "pm", "eve", "weekend", "twilight",
    "long day", "afternoon", "overnight", "daytime", "days", "matin", "apres midi", "soir", "nuit", "journee", "fruh", "fruhdienst",
    "fruehdienst", "frueh", "spat", "spatdienst", "spaetdienst", "spaet", "nacht", "nachtdienst", "tagdienst", "wochenende", "manana",
    "tarde", "noche", "diurno", "nocturno", "mattina", "pomeriggio", "notte", "sera", "noturno",
    "earlies", "lates", "day shift", "night shift", "early shift", "late shift", "morning shift", "evening shift", "spatschicht", "fruhschicht", "nachtschicht", "tagschicht", "turno de noche", "turno de dia", "manha", "noite", "白班", "夜班", "早班", "中班", "晚班", "日班",
];
#[rustfmt::skip]
pub(crate) const PHONE: &[&str] = &[
    "phone", "phone no", "contact no", "contact", "mobile", "cell", "tel", "telephone", "phones", "contact number", "bleep", "pager",
    "ext", "tel no", "portable", "gsm", "numero", "poste", "telefon", "telefonnummer", "handy", "handynummer", "mobil", "mobilnummer",
    "rufnummer", "durchwahl", "telefono", "movil", "celular", "cellulare", "telefone", "number", "nummer", "mobile no",
    "phone number", "phone numbers", "mobile number", "mobile phone", "cell phone", "cellphone", "telephone number", "contact details", "ph", "telephones", "telephone portable", "no tel", "telefonnr", "tel nr", "mobiltelefon", "telefonos", "numero de telefono", "extension", "extn", "telefono movil", "telefoni", "telemovel", "电话", "电话号码", "手机", "手机号", "手机号码", "工作手机", "联系电话", "联系方式",
];
#[rustfmt::skip]
pub(crate) const SECOND_PHONE: &[&str] = &[
    "second phone", "other phone", "alternative phone", "alternate phone", "backup phone", "second number", "home phone", "phone 2",
    "mobile 2", "tel 2", "number 2", "deuxieme telephone", "autre telephone", "zweite nummer", "zweites telefon", "segundo telefono",
    "otro telefono", "secondary phone", "landline", "festnetz",
    "second mobile", "second cell", "secondary number", "secondary mobile", "backup number", "backup mobile",
    "other number", "2nd phone", "2nd number", "2nd mobile", "cell 2", "phone number 2", "mobile phone 2", "mobile number 2", "telephone 2",
    "portable 2", "numero 2", "deuxieme numero", "second telephone", "second numero", "telephone de secours", "numero de secours",
    "autre numero", "telefon 2", "handy 2", "mobil 2", "mobilnummer 2", "telefonnummer 2", "rufnummer 2", "nummer 2", "zweite rufnummer",
    "zweite telefonnummer", "zweites handy", "zweittelefon", "zweitnummer", "ersatznummer", "ersatztelefon", "telefono 2", "movil 2",
    "segundo numero", "segundo movil", "otro numero", "telefono alternativo", "numero alternativo", "telefono de respaldo",
    "alternate number", "alternative number", "alt phone", "内线号码", "内线", "分机", "短号", "宅电", "备用电话",
];
/// Of those the ones that say where a phone stands: it is rung where there is no other, and not because somebody did not answer.
#[rustfmt::skip]
pub(crate) const AT_A_PLACE: &[&str] = &["home phone", "landline", "festnetz", "内线号码", "内线", "分机", "短号", "宅电"];
#[rustfmt::skip]
pub(crate) const ALIAS: &[&str] = &[
    "also known as", "aka", "initials", "initial", "nickname", "code", "trigram", "short name", "alias", "aliases", "trigramme",
    "initiales", "surnom", "kurzel", "kuerzel", "initialen", "spitzname", "siglas", "iniciales", "email", "e mail", "mail", "username",
    "staff id", "user id",
    "abbreviation", "abbr", "short", "user name", "login", "abreviation", "abk", "abkurzung", "apodo", "sigla", "iniziali", "工号", "别名", "简称", "邮箱",
];
#[rustfmt::skip]
pub(crate) const TEAM: &[&str] = &[
    "team", "domain", "discipline", "zone", "unit", "department", "group", "service", "site", "rota", "schedule", "queue", "equipe",
    "ligne", "gruppe", "abteilung", "station", "bereich", "equipo", "servicio", "sede", "squadra",
    "line", "teams", "product", "location", "ward", "dept", "speciality", "specialty", "standort", "lugar", "ubicacion", "reparto", "部门", "科室", "班组", "小组",
];
#[rustfmt::skip]
pub(crate) const NOT_RUNG: &[&str] = &[
    "shadow", "observer", "trainee", "zero days", "annual leave", "study leave", "leave", "observateur", "conges", "rtt", "repos",
    "hospitation", "urlaub", "frei", "krank", "observador", "vacaciones", "libre", "baja",
    "observers", "shadowing", "sick", "sickness", "absent", "vacation", "day off", "days off", "permisos", "ferie", "malattia", "ferias", "folga", "krankheit", "abwesend", "maladie", "absence", "ausencia", "休假", "请假", "病假",
];
#[rustfmt::skip]
pub(crate) const NOTES: &[&str] = &[
    "notes", "note", "comment", "comments", "remark", "remarks", "reason", "occasion", "why", "remarques", "commentaire",
    "commentaires", "observations", "bemerkung", "bemerkungen", "notiz", "hinweis", "grund", "motif", "motivo", "observaciones",
    "notas", "holiday",
    "reasons", "remarque", "observation", "anmerkung", "anmerkungen", "kommentar", "hinweise", "observacion", "comentarios", "nota", "note aggiuntive", "osservazioni", "observacoes", "备注", "说明",
];
/// Above the one who takes over a duty.
#[rustfmt::skip]
pub(crate) const TAKES_OVER: &[&str] = &[
    "swap with", "swaps with", "swapped with", "swap to", "cover", "covered by", "cover by", "covering", "cover person", "covering person",
    "replaced by", "replaced with", "replacement", "in", "new person", "new name", "new on call", "taken by", "taken over by",
    "who takes over", "takes over", "substitute", "relief", "stand in", "stood in by", "now", "vertretung durch", "vertretung",
    "vertreten durch", "vertreter", "ersatz", "ersatz durch", "ersetzt durch", "tausch mit", "tauscht mit", "ubernimmt", "remplace par",
    "remplacee par", "remplacant", "remplacante", "echange avec", "couvert par", "sustituido por", "sustituto", "sustituta", "reemplazo",
    "reemplazado por", "cubierto por", "cambio con", "cambia con", "sostituto", "sostituito da", "substituto", "替班", "替班人",
];
/// Above the one who is let off.
#[rustfmt::skip]
pub(crate) const IS_OFF: &[&str] = &[
    "out", "original", "originally", "original person", "original on call", "instead of", "absent", "who is replaced", "scheduled", "was",
    "swap from", "person out", "statt", "anstelle von", "eigentlich", "au lieu de", "absente", "initialement", "en lugar de", "ausente",
    "sustituido", "remplace", "remplacee", "invece di", "em vez de", "原值班",
];
