//! Spanish.

use super::{Hindrance, Missed, NotReached, Phrase, age, dated, sentence, spoken};
use crate::roster::Phone;

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
        Phrase::RingingAcquaintance => "Estamos llamando a la persona con la que ha hablado.",
        Phrase::RingingLastResort => "Estamos llamando a alguien que puede ayudarle.",
        Phrase::MayBeRecorded => "Esta llamada puede ser grabada. Si no lo desea, pulse 0.",
        Phrase::NotRecorded => "Su llamada no se graba.",
        Phrase::StayOrPressStar => "Por favor, no cuelgue, o pulse asterisco para que le llamemos o para dejar un mensaje.",
        Phrase::SomebodyHasTakenIt => "Su llamada ha sido aceptada. Le ponemos en contacto.",
        Phrase::PressStarToGoOn => "Pulse asterisco para continuar, por favor.",
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
        Phrase::Closed => "En este momento está cerrado.",
        Phrase::TooManyCalls => "Ha llamado muchas veces durante la última hora, por eso ahora no llamamos a nadie.",
        Phrase::CannotTakeYourCall => "No podemos atender su llamada.",
        Phrase::ShowYourNumber => {
            "No atendemos llamadas con número oculto. Por favor, muestre su número en los ajustes de su teléfono y vuelva a llamar."
        }
        Phrase::PleaseChoose => "Por favor, elija con una tecla de su teléfono.",
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
        Phrase::WhisperAgain { hotline, at } => {
            return format!(
                "Esta es la línea {hotline}: vuelve a llamar la persona con la que usted habló a las {at}. Pulse 1 para aceptar la llamada, 2 para pasarla a otra persona o 3 para oír esto de nuevo."
            );
        }
        Phrase::ThankYou => "Gracias. Le ponemos en contacto.",
        Phrase::TalkMayBeRecorded => "La conversación puede ser grabada.",
        Phrase::CallerIsComing => "Le ponemos en contacto con quien llama.",
        Phrase::AsideToBringIn => {
            "Quien llama está esperando. Para que se una la siguiente persona de guardia, pulse 2. Para volver a la llamada, pulse 1."
        }
        Phrase::AsideWhileRinging => "Estamos llamando a la siguiente persona de guardia. Para volver a la llamada, pulse 1.",
        Phrase::AsideWithNobodyLeft => "No hay nadie más que pueda unirse. Para volver a la llamada, pulse 1.",
        Phrase::NobodyReached => "No hemos podido localizar a nadie más.",
        Phrase::NextIsRungForYou => "Llamamos a la siguiente persona de guardia. Vuelve usted a la llamada.",
        Phrase::NobodyCanBeRung => "Ahora no se puede localizar a nadie más. Vuelve usted a la llamada.",
        Phrase::BackToTheCaller => "Vuelve usted a la llamada.",
        Phrase::WhisperToJoin { hotline, name, level } => {
            let why = why_him(level);
            return format!(
                "Esta es la línea {hotline}. {name} está hablando con quien ha llamado y pide que usted se una. {why} Pulse 1 para unirse, 2 para pasarlo a otra persona o 3 para oír esto de nuevo."
            );
        }
        Phrase::NotNeeded => "Ya no se le necesita para esta llamada.",
        Phrase::CallerHungUp => "Quien llamaba ha colgado.",
        Phrase::CallerLeft => "Quien llamaba ha dejado la llamada.",
        Phrase::ConversationOver => "La conversación ha terminado.",
        Phrase::TakenBy(name) => return format!("{name} ya ha aceptado esta llamada."),
        Phrase::NextOneIsRung => "Gracias. Llamamos a la siguiente persona.",
        Phrase::AlarmWhisper { hotline, title, level } => return alarm_whisper(hotline, title, level),
        Phrase::TakingCare(details) => {
            return format!("Gracias. Usted se ocupa de ello. {}", sentence(details))
                .trim_end()
                .to_owned();
        }
        Phrase::AlarmTakenBy(name) => return format!("{name} se ocupa de la alarma."),
        Phrase::AlarmOver => "La alarma ha terminado.",
        Phrase::TextWhisper { hotline, text, level } => return text_whisper(hotline, text, level),
        Phrase::RingsYouForText(hotline) => {
            return format!("La línea {hotline} le está llamando por un mensaje de texto. Descuelgue y pulse 1 para ocuparse de él.");
        }
        Phrase::TakingText => "Gracias. Usted se ocupa. Recibirá el mensaje en su teléfono, y lo que responda allí se reenvía.",
        Phrase::TakingTextToCall { text, number } => {
            return format!(
                "Gracias. Usted se ocupa. El mensaje completo: {text}. Llame al {}.",
                spoken(number, "más")
            );
        }
        Phrase::TextTakenBy(name) => return format!("{name} se ocupa del mensaje de texto."),
        Phrase::CallbackWhisper { hotline, asked } => {
            return format!(
                "Esta es la línea {hotline}, con una llamada de vuelta que se pidió a las {asked}. Pulse 1 y llamamos a quien la pidió, 2 para dejarla pendiente o 3 para oírlo otra vez."
            );
        }
        Phrase::RingingCaller => "Gracias. Llamamos a quien pidió la llamada. Por favor, no cuelgue.",
        Phrase::CallerIsRung => "El teléfono de quien pidió la llamada está sonando. Por favor, no cuelgue.",
        Phrase::CallerNotReached(NotReached::Busy) => "La persona que llamó comunica o ha rechazado la llamada.",
        Phrase::CallerNotReached(NotReached::NoAnswer) => "La persona que llamó no contesta.",
        Phrase::CallerNotReached(NotReached::Failed) => "No se puede contactar ahora por teléfono con la persona que llamó.",
        Phrase::CallerNotReached(NotReached::HungUp) => "La persona que llamó ha contestado y ha colgado.",
        Phrase::CallbackStaysOpen => "La llamada de vuelta sigue pendiente.",
        Phrase::CallingYouBack { hotline } => {
            return format!("Esta es la línea {hotline}. Le devolvemos la llamada, como pidió. Le ponemos en contacto.");
        }
        Phrase::CallbackLost => {
            "Lo sentimos: la persona que quería devolverle la llamada ya no está en línea. Sigue usted en nuestra lista."
        }
        Phrase::PressToBePutThrough { at, earlier: false } => {
            return format!("Pulse 1 para hablar con quien llamó a las {at} o espere en línea para hablar con la persona de guardia.");
        }
        Phrase::PressToBePutThrough { at, earlier: true } => {
            return format!(
                "Pulse 1 para hablar con quien llamó a las {at}, 2 para una llamada anterior o espere en línea para hablar con la persona de guardia."
            );
        }
        Phrase::TextInstead => "También puede enviar un mensaje de texto a este número.",
        Phrase::PuttingThrough { hotline, at } => {
            return format!("Esta es la línea {hotline}. Le llama la persona con la que usted habló a las {at}. Le ponemos en contacto.");
        }
        Phrase::PuttingThroughLost => "Lo sentimos: la persona que quería hablar con usted ya no está en línea.",
        Phrase::NoKey => "No se ha pulsado ninguna tecla. Adiós.",
        Phrase::NoMessage => "No hemos oído ningún mensaje. Adiós.",
        Phrase::Fault => "Hay un problema técnico. Por favor, no cuelgue, o cuelgue y vuelva a llamar.",
        Phrase::Apology => {
            "Lo sentimos. Un problema técnico nos impide atender esta llamada. Por favor, inténtelo de nuevo dentro de un momento. Adiós."
        }
        Phrase::OneMoment => "Un momento, por favor.",
        Phrase::PutThroughAllTheSame => "Hay un problema técnico. Aun así le ponemos en contacto; por favor, no cuelgue.",
        Phrase::CallThere(number) => return format!("Puede llamar usted al {}.", spoken(number, "más")),
        Phrase::NoMessageNow => {
            "Debido a un problema técnico no podemos tomar ningún mensaje. Por favor, vuelva a llamar dentro de unos minutos."
        }
        Phrase::WhisperThroughFault { hotline } => {
            return format!(
                "Esta es la línea {hotline}, con una llamada. Debido a un problema técnico le llamamos directamente. Pulse 1 para aceptar la llamada, o cuelgue."
            );
        }
        Phrase::AlarmIsYours { hotline, title, details } => {
            return format!(
                "Línea {hotline}: usted se ocupa de la alarma: {} {}",
                sentence(title),
                sentence(details)
            )
            .trim_end()
            .to_owned();
        }
        Phrase::AlarmInVain { hotline, title, again } => return alarm_in_vain(hotline, title, again),
        Phrase::FromCaller { at, by_name: false } => return format!("Llamada de las {at}:"),
        Phrase::FromCaller { at, by_name: true } => return format!("Llamada de las {at} (para responder, empiece por {at}):"),
        Phrase::FromHotline(hotline) => return format!("Línea {hotline}:"),
        Phrase::PicturesLeftOut => "(Con una imagen, que no se reenvía.)",
        Phrase::NotPassedOn { hotline, for_good: false } => {
            return format!("Línea {hotline}: puede que su mensaje no haya llegado. Si es urgente, llame a este número.");
        }
        Phrase::NotPassedOn { hotline, for_good: true } => {
            return format!("Línea {hotline}: sus mensajes no llegan a la otra persona. Si es urgente, llame a este número.");
        }
        Phrase::TooManyPassedOn(most) => {
            return format!("Su mensaje no se ha reenviado: como máximo se reenvían {most} por hora. Llame a este número.");
        }
        Phrase::TextWithoutWords(number) => {
            return format!("Solo podemos leer palabras. Escriba qué ocurre o llame al {}.", number.address());
        }
        Phrase::TextReceived => "Hemos recibido su mensaje y estamos llamando a la persona de guardia.",
        Phrase::TextInHand => "Alguien se está ocupando. Puede seguir escribiendo aquí.",
        Phrase::TextInVain { number, closed: false } => {
            return format!("Lo sentimos: nadie ha podido atender su mensaje. Llame al {}.", number.address());
        }
        Phrase::TextInVain { number, closed: true } => {
            return format!(
                "En este momento está cerrado y nadie atiende su mensaje. Llame al {}.",
                number.address()
            );
        }
        Phrase::TooManyTexts(number) => {
            return format!(
                "Hemos recibido muchos mensajes suyos, así que ahora no se llama a nadie. Llame al {}.",
                number.address()
            );
        }
        Phrase::TextIsYours { hotline, text } => {
            return format!("Línea {hotline}: usted se ocupa de este mensaje, y lo que responda aquí se reenvía: {text}");
        }
        Phrase::TextMissed { hotline, sender, text } => {
            return format!(
                "Línea {hotline}: nadie ha atendido un mensaje de {}. Ocúpese, por favor: {text}",
                sender.address()
            );
        }
        Phrase::NobodyJoins(hotline) => {
            return format!(
                "Línea {hotline}: no hemos podido localizar a nadie más. Sigue usted en la llamada. Pulse asterisco para volver a intentarlo."
            );
        }
        Phrase::CallbackOverdue { hotline, number, minutes } => {
            return format!(
                "Línea {hotline}: la llamada de vuelta al {} está pendiente desde hace {minutes} min. Llame ahora, por favor.",
                number.address()
            );
        }
        Phrase::MissedCall { hotline, caller, at, what } => return missed(&dated(hotline, at), caller, what),
        Phrase::RingsYou { hotline, caller } => {
            let caller = caller.map_or_else(|| "un número oculto".to_owned(), |caller| format!("el {}", caller.address()));
            return format!("La línea {hotline} le está llamando: una llamada desde {caller}. Descuelgue y pulse 1 para atenderla.");
        }
        Phrase::RingsYouForAlarm { hotline, title } => {
            return format!(
                "La línea {hotline} le está llamando por una alarma: {} Descuelgue y pulse 1 para ocuparse de ella.",
                sentence(title)
            );
        }
        Phrase::CallbackClosed { hotline, id } => {
            return format!("Línea {hotline}: la llamada de vuelta {id} está cerrada. Envíe ABRIR {id} para abrirla de nuevo.");
        }
        Phrase::MessageInWriting { hotline, caller, text } => {
            let caller = caller.map_or("un número oculto", Phone::address);
            return format!("Línea {hotline}: mensaje de {caller}, transcrito por una máquina: {text}");
        }
        Phrase::TextAway { until, until_back: false } => {
            return format!("Está ausente hasta {until} y no se le llama hasta entonces. Envíe VUELVO cuando haya vuelto.");
        }
        Phrase::TextAway { until, until_back: true } => {
            return format!("Está ausente y no se le llama. Envíe VUELVO cuando haya vuelto; a más tardar {until} se le vuelve a llamar.");
        }
        Phrase::TextAllAway { last_resort: true } => "Ahora toda la guardia está ausente: las llamadas van al último recurso.",
        Phrase::TextAllAway { last_resort: false } => {
            "Ahora toda la guardia está ausente y no hay último recurso: se les llama a todos igualmente. Por favor, busque a alguien que tome el relevo."
        }
        Phrase::TextTooLong => {
            "No ha cambiado nada: 14 días como máximo, por ejemplo FUERA 3d. Para más tiempo, cambie el cuadro de guardias."
        }
        Phrase::TextUnclear => "No ha cambiado nada: el tiempo no está claro. Envíe por ejemplo FUERA 2h, FUERA 30m o FUERA hasta 18:00.",
        Phrase::TextBack => "Bienvenido de nuevo. Se le llama siempre que esté de guardia.",
        Phrase::TextOnCall { place: index, until } => return format!("Usted es {} hasta {until}.", person(index)),
        Phrase::TextNotOnCall => "Ahora no está de guardia.",
        Phrase::TextIsAway(Some(until)) => return format!("Está ausente hasta {until}."),
        Phrase::TextIsAway(None) => "Está ausente.",
        Phrase::TextBySheet(cell) => return format!("Así lo dice el cuadro de guardias ({cell}). Si ya no es cierto, envíe VUELVO."),
        Phrase::TextBackDespite(cell) => {
            return format!("El cuadro de guardias aún le da por ausente ({cell}): pida que lo corrijan, por favor.");
        }
        Phrase::TextIsThere => "No está ausente.",
        Phrase::TextWho { people, until } => return format!("De guardia hasta {until}: {people}."),
        Phrase::TextWhoAway(people) => return format!("También ausentes: {people}."),
        Phrase::AwayUntil(Some(until)) => return format!("ausente hasta {until}"),
        Phrase::AwayUntil(None) => "ausente",
        Phrase::TextHelp(hotline) => {
            return format!(
                "Línea {hotline}. Envíe FUERA 2h, FUERA hasta 18:00, VUELVO, ESTADO (¿estoy de guardia?), QUIEN (¿quién está?) o, para devolver llamadas, LISTA, LLAMAR 3, HECHO 3, ABRIR 3."
            );
        }
        Phrase::TextCallback {
            id,
            number,
            minutes,
            calling,
        } => {
            let age = age(minutes);
            return match calling {
                None => format!("{id}: {number}, {age}"),
                Some(name) => format!("{id}: {number}, {age} ({name} está llamando)"),
            };
        }
        Phrase::TextCallbacks { list, more, example } => {
            let more = if more == 0 { String::new() } else { format!(", y {more} más") };
            return format!(
                "Llamadas de vuelta pendientes: {list}{more}. LLAMAR {example} le llama a usted y luego a quien la pidió; HECHO {example} la cierra."
            );
        }
        Phrase::TextNoCallbacks => "No hay llamadas de vuelta pendientes.",
        Phrase::TextNoSuchCallback(id) => {
            return format!("No hay una llamada de vuelta {id} pendiente. Envíe LISTA para ver cuáles lo están.");
        }
        Phrase::TextRingingBack(id) => return format!("Le llamamos por la llamada de vuelta {id}. Pulse 1 y llamamos a quien la pidió."),
        Phrase::TextNotRung { id, why } => return not_rung(id, why),
        Phrase::TextCallbackDone(id) => return format!("La llamada de vuelta {id} está cerrada. Envíe ABRIR {id} para abrirla de nuevo."),
        Phrase::TextCallbackOpen(id) => return format!("La llamada de vuelta {id} vuelve a estar pendiente."),
        Phrase::TextNotOpened(id) => {
            return format!("La llamada de vuelta {id} no se puede abrir de nuevo: está pendiente o se cerró hace más de un día.");
        }
        Phrase::TextNotRead(number) => {
            return format!(
                "Esta línea atiende llamadas. Por favor, llame al {}; los mensajes no se leen.",
                number.address()
            );
        }
        Phrase::TextLastAnswer => "Más mensajes dentro de una hora cuentan, pero no se contestan.",
    };
    words.to_owned()
}

/// Why it is he who is rung.
fn why_him(level: Option<usize>) -> String {
    match level {
        Some(level) => format!("Usted es {}.", person(level)),
        None => "Usted es el último recurso, porque nadie de guardia ha aceptado.".to_owned(),
    }
}

fn whisper(hotline: &str, caller: Option<&Phone>, level: Option<usize>) -> String {
    let caller = caller.map_or_else(
        || "de un número oculto".to_owned(),
        |number| format!("del {}", spoken(number, "más")),
    );
    let why = why_him(level);
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

fn alarm_whisper(hotline: &str, title: &str, level: Option<usize>) -> String {
    let why = why_him(level);
    format!(
        "Esta es la línea {hotline}, con una alarma: {} {why} Pulse 1 para ocuparse de ella, 2 para pasarla a otra persona o 3 para oír esto de nuevo.",
        sentence(title)
    )
}

fn text_whisper(hotline: &str, text: &str, level: Option<usize>) -> String {
    let why = why_him(level);
    format!(
        "Esta es la línea {hotline}, con un mensaje de texto: {} {why} Pulse 1 para ocuparse de él, 2 para pasarlo a otra persona o 3 para oír esto de nuevo.",
        sentence(text)
    )
}

fn alarm_in_vain(hotline: &str, title: &str, again: Option<(u64, u16)>) -> String {
    let what = format!("Línea {hotline}: nadie se ocupa de la alarma: {}", sentence(title));
    let next = match again {
        Some((minutes, 1)) => format!("Volvemos a llamar dentro de {minutes} minutos, por última vez. Ocúpese de ello si puede."),
        Some((minutes, left)) => {
            format!("Volvemos a llamar dentro de {minutes} minutos, {left} veces más como máximo. Ocúpese de ello si puede.")
        }
        None => "Ya no se llama a nadie más. Ocúpese de ello ahora.".to_owned(),
    };
    format!("{what} {next}")
}

fn missed(hotline: &str, caller: Option<&Phone>, what: Missed<'_>) -> String {
    let what = match what {
        Missed::LeftMessage(Some(seconds)) => format!("ha dejado un mensaje de {seconds} s"),
        Missed::LeftMessage(None) => "ha dejado un mensaje".to_owned(),
        Missed::LeftNothing => "no ha localizado a nadie y no ha dejado ningún mensaje".to_owned(),
        Missed::AskedForCallback(number) => format!("pide que le llamen al {}", number.address()),
        Missed::HungUp => "ha colgado antes de que le pusieran con alguien".to_owned(),
        Missed::CutOff { name, seconds } => format!("ha estado con {name} menos de {seconds} s y quizá no ha podido hablar"),
    };
    match caller {
        Some(caller) => format!(
            "Línea {hotline}: quien llama, {}, {what}. Por favor, devuelva la llamada.",
            caller.address()
        ),
        None => format!("Línea {hotline}: alguien con número oculto {what}."),
    }
}

fn not_rung(id: u32, why: &Hindrance) -> String {
    match why {
        Hindrance::Calling(name) => format!("{name} está haciendo ahora la llamada de vuelta {id}."),
        Hindrance::OwnNumber => format!("La llamada de vuelta {id} es a su propio número. La tiene que hacer otra persona."),
        Hindrance::NotAllowed => {
            format!("La línea no puede llamar al número de la llamada de vuelta {id}. Avise a quien la gestiona, por favor.")
        }
        Hindrance::Engaged => format!("Está en otra llamada de la línea. Envíe LLAMAR {id} de nuevo después."),
        Hindrance::CallerEngaged => {
            format!("Quien pidió la llamada de vuelta {id} está en otra llamada con la línea. Envíe LLAMAR {id} de nuevo más tarde.")
        }
    }
}
