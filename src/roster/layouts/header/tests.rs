//! Headers of real rotas, and every word of the table of synonyms.

use super::*;

#[test]
fn headers_of_four_languages() {
    let cases = [
        ("From", Some(Field::From)),
        ("Week commencing (Mon)", Some(Field::From)),
        ("week_start", Some(Field::From)),
        ("Start Date", Some(Field::From)),
        ("Datum", Some(Field::From)),
        ("Début", Some(Field::From)),
        ("Fecha", Some(Field::From)),
        ("Until", Some(Field::Until)),
        ("End Date", Some(Field::Until)),
        ("bis", Some(Field::Until)),
        ("Hasta", Some(Field::Until)),
        ("Day", Some(Field::Day)),
        ("Wochentag", Some(Field::Weekday)),
        ("Start time", Some(Field::Time)),
        ("1st", Some(Field::Level(1))),
        ("#1", Some(Field::Level(1))),
        ("L2", Some(Field::Level(2))),
        ("4th", Some(Field::Level(4))),
        ("Tier 3", Some(Field::Level(3))),
        ("2. Dienst", Some(Field::Level(2))),
        ("Person 2", Some(Field::Level(2))),
        ("INDIA SHIFT 1 PRIMARY", Some(Field::Level(1))),
        ("Secondary cover", Some(Field::Level(2))),
        ("Suppléant", Some(Field::Level(2))),
        ("Duty manager", Some(Field::LastLevel)),
        ("Primary Phone", Some(Field::Phone)),
        ("MorningPhone", Some(Field::Phone)),
        ("Téléphone", Some(Field::Phone)),
        ("Second phone", Some(Field::SecondPhone)),
        ("Handy", Some(Field::Phone)),
        ("Früh", Some(Field::Shift)),
        ("Night", Some(Field::Shift)),
        ("Mañana", Some(Field::Shift)),
        ("Also known as", Some(Field::Alias)),
        ("Kürzel", Some(Field::Alias)),
        ("Prénom", Some(Field::GivenName)),
        ("Shadow", Some(Field::NotRung)),
        ("Bemerkung", Some(Field::Notes)),
        ("Team", Some(Field::Team)),
        ("31", None),
        ("Priya", None),
        ("", None),
    ];
    for (text, expected) in cases {
        assert_eq!(field(&words(text)), expected, "{text}");
    }
}

#[test]
fn phones_belong_to_what_their_header_names() {
    for (text, stem) in [
        ("MorningPhone", "morning"),
        ("Primary Phone", "primary"),
        ("Phone", ""),
        ("1st phone no.", "1st"),
    ] {
        assert_eq!(phone_stem(&words(text)), stem, "{text}");
    }
}

/// Every word of the table of synonyms. `turno` is a shift or a person's turn and `consultant` the first or the last
/// who is called, so neither says anything by itself.
#[test]
fn every_word_of_the_table() {
    #[rustfmt::skip]
    let table = [
        (Some(Field::From),
            "date | start | start date | from | on | week | week commencing | week start | week starting | week_start | w/c | wc \
             | week beginning | w/b | commencing | shift start | shift_start | day1 | semaine | semaine du | du | début | de | \
             date de début | datum | woche | KW | ab | von | beginn | anfang | fecha | semana | semana del | desde | inicio | \
             data | dal | inizio | 日期"),
        (Some(Field::Day),
            "day | jour | tag | día | giorno"),
        (Some(Field::Weekday),
            "wochentag"),
        (Some(Field::Until),
            "end | end date | to | until | till | shift_end | finish | off | fin | au | jusqu'à | à | date de fin | bis | ende | \
             enddatum | hasta | fine | al | até | fim"),
        (Some(Field::Time),
            "time | shift time | time_window | time block | hours | start time | end time | heure de début | horaire | heures | \
             plage | schichtzeit | uhrzeit | zeit | horario | horas | hora inicio | hora fin | orario"),
        (Some(Field::Person),
            "name | staff | staff name | teacher | employee | employee name | member | worker names | support worker | associate \
             name | doctor | oncall | on call | on-call | who | user | responder | volunteer | clinician | agent | médecin | \
             personne | de garde | d'astreinte | mitarbeiter | mitarbeiterin | dienst | diensthabende | diensthabender | nombre \
             | operador | persona | de guardia | nome | plantonista | 姓名 | 值班"),
        (Some(Field::GivenName),
            "prénom | vorname"),
        (Some(Field::FamilyName),
            "nom | nachname | cognome"),
        (Some(Field::Level(1)),
            "primary | primary oncall | oncall_primary | first | 1st | #1 | 1 | lead | main | senior | tier 1 | L1 | level 1 | \
             first call | first on | person 1 | astreinte 1 | N1 | titulaire | principal | premier appel | 1. Dienst | \
             Vordergrund | Vordergrunddienst | erster | Hauptdienst | Stufe 1 | titular | primero | primera llamada | presencial \
             | primo | reperibile 1 | 一线"),
        (Some(Field::Level(2)),
            "secondary | secondary cover | backup | back-up | second | 2nd | junior | reserve | standby | L2 | deputy | cover | \
             astreinte 2 | N2 | suppléant | renfort | doublure | 2. Dienst | Hintergrund | Hintergrunddienst | Vertretung | \
             Stellvertreter | Ersatz | suplente | segundo | reserva | retén | localizada | apoio | 二线"),
        (Some(Field::Level(3)),
            "tertiary | third | 3rd | L3 | N3 | 3. Dienst | tercero | 三线"),
        (Some(Field::LastLevel),
            "escalation | manager | duty manager 1 | on-call manager | cadre d'astreinte | responsable | Oberarzt | \
             Bereitschaftsleitung | jefe de guardia | escalado"),
        (Some(Field::NotRung),
            "shadow | observer | trainee | zero days | annual leave | study leave | observateur | congés | RTT | repos | \
             Hospitation | Urlaub | frei | krank | observador | vacaciones | libre | baja"),
        (Some(Field::Shift),
            "morning | evening | night | nights | early | late | AM | PM | EVE | weekend | twilight | long day | matin | \
             après-midi | soir | nuit | Früh | Spät | Nacht | Wochenende | mañana | tarde | noche | diurno | nocturno | noturno \
             | mattina | pomeriggio | notte | 白班 | 夜班"),
        (Some(Field::Phone),
            "phone | phone number | contact number | contact | mobile | cell | tel | telephone | morningphone | bleep | pager | \
             ext | téléphone | portable | GSM | numéro | poste | telefon | handy | mobil | rufnummer | durchwahl | teléfono | \
             móvil | celular | extensión | cellulare | telefone | 电话 | 电话号码 | 手机 | 工作手机"),
        (Some(Field::Alias),
            "aka | initials | nickname | code | trigram | trigramme | initiales | Kürzel | Kuerzel | Initialen | siglas | \
             iniciales | alias | username"),
        (Some(Field::Team),
            "team | domain | discipline | zone | unit | department | group | line | service | site | rota | schedule | queue | \
             équipe | ligne | gruppe | abteilung | station | bereich | equipo | servicio | sede | squadra"),
        (Some(Field::Notes),
            "notes | note | comments | remarks | reason | occasion | remarques | commentaire | observations | Bemerkung | Notiz \
             | Hinweis | observaciones | notas | 备注"),
        (None,
            "turno | consultant"),
    ];
    for (expected, texts) in table {
        for text in texts.split(" | ") {
            assert_eq!(field(&words(text)), expected, "{text}");
            assert_eq!(field(&words(&text.to_uppercase())), expected, "{text} in capitals");
        }
    }
}

#[test]
fn words_of_changes() {
    for text in [
        "swap with",
        "replaced by",
        "cover",
        "covered by",
        "substitute",
        "relief",
        "remplacé par",
        "remplaçant",
        "Vertretung durch",
        "sustituto",
        "reemplazo",
    ] {
        assert_eq!(swap(&words(text)), Some(Swap::In), "{text}");
    }
    for text in ["instead of", "statt", "sustituido"] {
        assert_eq!(swap(&words(text)), Some(Swap::Out), "{text}");
    }
    assert_eq!(swap(&words("Name")), None);
}

#[test]
fn chinese_headers() {
    for (text, expected) in [
        ("一线-心血管内科（含胸痛中心）", Some(Field::Level(1))),
        ("心脏外科二线", Some(Field::Level(2))),
        ("值班电话", Some(Field::Phone)),
        ("值班医生", Some(Field::Person)),
        ("电话（办公室）", Some(Field::Phone)),
        ("内线号码", Some(Field::SecondPhone)),
        ("工号", Some(Field::Alias)),
        ("序号", None),
    ] {
        assert_eq!(field(&words(text)), expected, "{text}");
    }
}
