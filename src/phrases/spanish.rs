//! Spanish.

use super::{Missed, Phrase, spoken};
use crate::roster::PhoneNumber;

const ORDINALS: [&str; 5] = ["primera", "segunda", "tercera", "cuarta", "quinta"];

#[allow(clippy::too_many_lines, reason = "a table: one arm for each sentence")]
pub(super) fn say(phrase: Phrase<'_>) -> String {
    let words = match phrase {
        Phrase::Greeting => "Gracias por su llamada.",
        Phrase::SearchingAgain => "Volvemos a buscar.",
        Phrase::BeingConnected => "Le ponemos con la persona de guardia.",
        Phrase::Ringing(level) => return format!("Estamos llamando a {}.", person(level)),
        Phrase::RingingAgain(level) => return format!("Volvemos a llamar a {}.", person(level)),
        Phrase::AllEngaged => "Todas las personas de guardia están hablando con otros. Su llamada es la siguiente.",
        Phrase::TryingAllAgain => "Volvemos a llamar a todas las personas de guardia.",
        Phrase::RingingLastResort => "Estamos llamando a alguien que puede ayudarle.",
        Phrase::StayOrPressStar => "Por favor, no cuelgue, o pulse asterisco para que le llamemos o para dejar un mensaje.",
        Phrase::SomebodyHasTakenIt => "Su llamada ha sido aceptada. Le ponemos en contacto.",
        Phrase::PleaseStay => "Por favor, no cuelgue.",
        Phrase::ResponderLeft(name) => {
            return format!("{name} ha dejado la llamada. Si todavía necesita ayuda, pulse 1 y volvemos a buscar. Si no, puede colgar.");
        }
        Phrase::ResponderLeftAtOnce(name) => {
            return format!(
                "{name} ha dejado la llamada tras un momento. Si todavía necesita ayuda, pulse 1 y volvemos a buscar. Si no, puede colgar, o seguir en línea para dejar un mensaje."
            );
        }
        Phrase::NobodyOnCall => "En este momento no hay nadie de guardia.",
        Phrase::NobodyTookIt => "Lo sentimos: nadie ha podido atender su llamada.",
        Phrase::LeftTheQueue => "Ha salido de la cola de espera.",
        Phrase::NobodyIsRung => "Ahora no llamamos a nadie.",
        Phrase::LeaveMessage { passed_on: true } => {
            "Por favor, deje un mensaje después de la señal, con su nombre y su número. Se transmite enseguida. Para terminar, pulse almohadilla o cuelgue."
        }
        Phrase::LeaveMessage { passed_on: false } => {
            "Por favor, deje un mensaje después de la señal, con su nombre y su número. Para terminar, pulse almohadilla o cuelgue."
        }
        Phrase::MessageTaken => "Gracias. Su mensaje ha quedado grabado. Adiós.",
        Phrase::Goodbye => "Adiós.",
        Phrase::PressForCallback(number) => return format!("Para que le llamemos al {}, pulse 1.", spoken(number, "más")),
        Phrase::PressForOtherNumber { first: false } => "Para que le llamemos a otro número, pulse 2.",
        Phrase::PressForOtherNumber { first: true } => "Para que le llamemos, pulse 2.",
        Phrase::PressForMessage => "Para dejar un mensaje, pulse 3.",
        Phrase::PressToWait => "Para seguir esperando, pulse 9.",
        Phrase::TypeNumber => "Por favor, marque el número al que debemos llamarle y después pulse almohadilla.",
        Phrase::ConfirmNumber(number) => {
            return format!(
                "El número es {}. Si es correcto, pulse 1. Para marcarlo de nuevo, pulse 2.",
                spoken(number, "más")
            );
        }
        Phrase::NumberUnusable => "No podemos llamar a ese número.",
        Phrase::CallbackNoted(number) => return format!("Gracias. Le llamaremos al {}. Adiós.", spoken(number, "más")),
        Phrase::Whisper { hotline, caller, level } => return whisper(hotline, caller, level),
        Phrase::ThankYou => "Gracias. Le ponemos en contacto.",
        Phrase::CallerIsComing => "Le ponemos en contacto con quien llama.",
        Phrase::NotNeeded => "Ya no se le necesita para esta llamada.",
        Phrase::CallerHungUp => "Quien llamaba ha colgado.",
        Phrase::CallerLeft => "Quien llamaba ha dejado la llamada.",
        Phrase::ConversationOver => "La conversación ha terminado.",
        Phrase::TakenBy(name) => return format!("{name} ya ha aceptado esta llamada."),
        Phrase::NextOneIsRung => "Gracias. Llamamos a la siguiente persona.",
        Phrase::NoKey => "No se ha pulsado ninguna tecla. Adiós.",
        Phrase::NoMessage => "No hemos oído ningún mensaje. Adiós.",
        Phrase::Fault => "Hay un problema técnico. Por favor, no cuelgue, o cuelgue y vuelva a llamar.",
        Phrase::Apology => {
            "Lo sentimos. Un problema técnico nos impide atender esta llamada. Por favor, inténtelo de nuevo dentro de un momento. Adiós."
        }
        Phrase::OneMoment => "Un momento, por favor.",
        Phrase::CallbackOverdue { hotline, number, minutes } => {
            return format!(
                "Línea {hotline}: la llamada de vuelta al {} está pendiente desde hace {minutes} min. Llame ahora, por favor.",
                number.e164()
            );
        }
        Phrase::MissedCall { hotline, caller, what } => return missed(hotline, caller, what),
    };
    words.to_owned()
}

fn whisper(hotline: &str, caller: Option<&PhoneNumber>, level: Option<usize>) -> String {
    let caller = caller.map_or_else(
        || "de un número oculto".to_owned(),
        |number| format!("del {}", spoken(number, "más")),
    );
    let why = match level {
        Some(level) => format!("Usted es {}.", person(level)),
        None => "Usted es el último recurso, porque nadie de guardia ha aceptado.".to_owned(),
    };
    format!(
        "Esta es la línea {hotline}, con una llamada {caller}. {why} Pulse 1 para aceptar la llamada, 2 para pasarla a otra persona o 3 para oír esto de nuevo."
    )
}

fn person(level: usize) -> String {
    ORDINALS.get(level).map_or_else(
        || format!("la persona de guardia número {}", level + 1),
        |ordinal| format!("la {ordinal} persona de guardia"),
    )
}

fn missed(hotline: &str, caller: Option<&PhoneNumber>, what: Missed<'_>) -> String {
    let what = match what {
        Missed::LeftMessage(Some(seconds)) => format!("ha dejado un mensaje de {seconds} s"),
        Missed::LeftMessage(None) => "ha dejado un mensaje".to_owned(),
        Missed::LeftNothing => "no ha localizado a nadie y no ha dejado ningún mensaje".to_owned(),
        Missed::AskedForCallback(number) => format!("pide que le llamen al {}", number.e164()),
        Missed::HungUp => "ha colgado antes de que nadie aceptara".to_owned(),
        Missed::CutOff { name, seconds } => format!("ha estado con {name} menos de {seconds} s y quizá no ha podido hablar"),
    };
    match caller {
        Some(caller) => format!(
            "Línea {hotline}: quien llama, {}, {what}. Por favor, devuelva la llamada.",
            caller.e164()
        ),
        None => format!("Línea {hotline}: alguien con número oculto {what}."),
    }
}
