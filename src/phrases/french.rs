//! French.

use super::{Hindrance, Missed, NotReached, Phrase, age, dated, sentence, spoken};
use crate::roster::Phone;

const ORDINALS: [&str; 5] = ["première", "deuxième", "troisième", "quatrième", "cinquième"];

#[allow(clippy::too_many_lines, reason = "a table: one arm for each sentence")]
pub(super) fn say(phrase: Phrase<'_>) -> String {
    let words = match phrase {
        Phrase::Greeting => "Merci de votre appel.",
        Phrase::SearchingAgain => "Nous cherchons à nouveau.",
        Phrase::BeingConnected => "Nous vous mettons en relation avec la personne d'astreinte.",
        Phrase::Ringing(level) => return format!("Nous appelons {}.", person(level)),
        Phrase::RingingAgain(level) => return format!("Nous rappelons {}.", person(level)),
        Phrase::AllEngaged => "Toutes les personnes d'astreinte sont en ligne. Vous êtes le prochain appel.",
        Phrase::TryingAllAgain => "Nous rappelons toutes les personnes d'astreinte.",
        Phrase::RingingAcquaintance => "Nous appelons la personne avec qui vous avez parlé.",
        Phrase::RingingLastResort => "Nous appelons quelqu'un qui pourra vous aider.",
        Phrase::MayBeRecorded => "Cet appel peut être enregistré. Si vous ne le souhaitez pas, appuyez sur 0.",
        Phrase::NotRecorded => "Votre appel n'est pas enregistré.",
        Phrase::StayOrPressStar => "Veuillez rester en ligne, ou appuyez sur étoile pour être rappelé ou laisser un message.",
        Phrase::SomebodyHasTakenIt => "Votre appel est pris. Nous vous mettons en relation.",
        Phrase::PressStarToGoOn => "Veuillez appuyer sur étoile pour continuer.",
        Phrase::PleaseStay => "Veuillez rester en ligne.",
        Phrase::ResponderLeft(name) => {
            return format!(
                "{name} a quitté l'appel. Si vous avez encore besoin d'aide, appuyez sur 1 et nous cherchons à nouveau. Sinon, vous pouvez raccrocher."
            );
        }
        Phrase::ResponderLeftAtOnce(name) => {
            return format!(
                "{name} a quitté l'appel après un instant. Si vous avez encore besoin d'aide, appuyez sur 1 et nous cherchons à nouveau. Sinon, vous pouvez raccrocher, ou rester en ligne pour laisser un message."
            );
        }
        Phrase::NobodyOnCall => "Personne n'est d'astreinte en ce moment.",
        Phrase::NobodyTookIt => "Nous sommes désolés : personne n'a pu prendre votre appel.",
        Phrase::Closed => "Nous sommes fermés en ce moment.",
        Phrase::TooManyCalls => {
            "Vous avez appelé très souvent au cours de la dernière heure, nous n'appelons donc personne pour l'instant."
        }
        Phrase::CannotTakeYourCall => "Nous ne pouvons pas prendre votre appel.",
        Phrase::ShowYourNumber => {
            "Nous ne prenons pas les appels en numéro masqué. Veuillez afficher votre numéro, dans les réglages de votre téléphone, et rappeler."
        }
        Phrase::PleaseChoose => "Veuillez choisir avec une touche de votre téléphone.",
        Phrase::LeftTheQueue => "Vous avez quitté la file d'attente.",
        Phrase::NobodyIsRung => "Nous n'appelons personne pour l'instant.",
        Phrase::LeaveMessage { passed_on: true } => {
            "Veuillez laisser un message après le signal, avec votre nom et votre numéro. Il est transmis tout de suite. Pour terminer, appuyez sur dièse ou raccrochez."
        }
        Phrase::LeaveMessage { passed_on: false } => {
            "Veuillez laisser un message après le signal, avec votre nom et votre numéro. Pour terminer, appuyez sur dièse ou raccrochez."
        }
        Phrase::MessageTaken => "Merci. Votre message est enregistré. Au revoir.",
        Phrase::Goodbye => "Au revoir.",
        Phrase::PressForCallback(number) => return format!("Pour être rappelé au {}, appuyez sur 1.", spoken(number, "plus")),
        Phrase::PressForOtherNumber { first: false } => "Pour être rappelé à un autre numéro, appuyez sur 2.",
        Phrase::PressForOtherNumber { first: true } => "Pour être rappelé, appuyez sur 2.",
        Phrase::PressForMessage => "Pour laisser un message, appuyez sur 3.",
        Phrase::PressToWait => "Pour continuer d'attendre, appuyez sur 9.",
        Phrase::TypeNumber => "Veuillez composer le numéro auquel nous devons vous rappeler, puis appuyez sur dièse.",
        Phrase::ConfirmNumber(number) => {
            return format!(
                "Le numéro est {}. Si c'est exact, appuyez sur 1. Pour le composer à nouveau, appuyez sur 2.",
                spoken(number, "plus")
            );
        }
        Phrase::NumberUnusable => "Nous ne pouvons pas appeler ce numéro.",
        Phrase::CallbackNoted(number) => {
            return format!("Merci. Vous serez rappelé au {}. Au revoir.", spoken(number, "plus"));
        }
        Phrase::Whisper { hotline, caller, level } => return whisper(hotline, caller, level),
        Phrase::WhisperAgain { hotline, at } => {
            return format!(
                "Ici la hotline {hotline} : l'appelant avec qui vous avez parlé à {at} rappelle. Appuyez sur 1 pour prendre l'appel, sur 2 pour le passer au suivant, ou sur 3 pour réécouter."
            );
        }
        Phrase::ThankYou => "Merci. Vous êtes mis en relation.",
        Phrase::TalkMayBeRecorded => "La conversation peut être enregistrée.",
        Phrase::CallerIsComing => "Vous êtes mis en relation avec l'appelant.",
        Phrase::AsideToBringIn => {
            "L'appelant attend. Pour faire venir la personne d'astreinte suivante, appuyez sur 2. Pour revenir à l'appelant, appuyez sur 1."
        }
        Phrase::AsideWhileRinging => "Nous appelons la personne d'astreinte suivante. Pour revenir à l'appelant, appuyez sur 1.",
        Phrase::AsideWithNobodyLeft => "Personne d'autre ne peut se joindre à vous. Pour revenir à l'appelant, appuyez sur 1.",
        Phrase::NobodyReached => "Nous n'avons pu joindre personne d'autre.",
        Phrase::NextIsRungForYou => "Nous appelons la personne d'astreinte suivante. Vous revenez à l'appelant.",
        Phrase::NobodyCanBeRung => "Personne d'autre n'est joignable en ce moment. Vous revenez à l'appelant.",
        Phrase::BackToTheCaller => "Vous revenez à l'appelant.",
        Phrase::WhisperToJoin { hotline, name, level } => {
            let why = why_him(level);
            return format!(
                "Ici la hotline {hotline}. {name} est en ligne avec un appelant et demande votre aide. {why} Appuyez sur 1 pour les rejoindre, sur 2 pour passer au suivant, ou sur 3 pour réécouter."
            );
        }
        Phrase::NotNeeded => "Nous n'avons plus besoin de vous pour cet appel.",
        Phrase::CallerHungUp => "L'appelant a raccroché.",
        Phrase::CallerLeft => "L'appelant a quitté l'appel.",
        Phrase::ConversationOver => "La conversation est terminée.",
        Phrase::TakenBy(name) => return format!("{name} a déjà pris cet appel."),
        Phrase::NextOneIsRung => "Merci. Nous appelons la personne suivante.",
        Phrase::AlarmWhisper { hotline, title, level } => return alarm_whisper(hotline, title, level),
        Phrase::TakingCare(details) => return format!("Merci. Vous vous en chargez. {}", sentence(details)).trim_end().to_owned(),
        Phrase::AlarmTakenBy(name) => return format!("{name} se charge de l'alarme."),
        Phrase::AlarmOver => "L'alarme est terminée.",
        Phrase::TextWhisper { hotline, text, level } => return text_whisper(hotline, text, level),
        Phrase::RingsYouForText(hotline) => {
            return format!("La hotline {hotline} vous appelle pour un message écrit. Décrochez et appuyez sur le 1 pour vous en occuper.");
        }
        Phrase::TakingText => {
            "Merci. Vous vous en chargez. Vous recevez le message sur votre téléphone, et ce que vous y répondez est transmis."
        }
        Phrase::TakingTextToCall { text, number } => {
            return format!(
                "Merci. Vous vous en chargez. Voici tout le message : {text}. Appelez le {}.",
                spoken(number, "plus")
            );
        }
        Phrase::TextTakenBy(name) => return format!("{name} se charge du message écrit."),
        Phrase::CallbackWhisper { hotline, asked } => {
            return format!(
                "Ici la hotline {hotline} : un rappel a été demandé à {asked}. Appuyez sur 1 et nous appelons le correspondant, sur 2 pour laisser ce rappel en attente, ou sur 3 pour réécouter."
            );
        }
        Phrase::RingingCaller => "Merci. Nous appelons le correspondant. Veuillez rester en ligne.",
        Phrase::CallerIsRung => "Le téléphone du correspondant sonne. Veuillez rester en ligne.",
        Phrase::CallerNotReached(NotReached::Busy) => "Le correspondant est occupé ou a rejeté l'appel.",
        Phrase::CallerNotReached(NotReached::NoAnswer) => "Le correspondant ne répond pas.",
        Phrase::CallerNotReached(NotReached::Failed) => "Le correspondant n'est pas joignable par téléphone en ce moment.",
        Phrase::CallerNotReached(NotReached::HungUp) => "Le correspondant a décroché puis raccroché.",
        Phrase::CallbackStaysOpen => "Le rappel reste en attente.",
        Phrase::CallingYouBack { hotline } => {
            return format!("Ici la hotline {hotline}. Nous vous rappelons, comme vous l'avez demandé. Vous êtes mis en relation.");
        }
        Phrase::CallbackLost => {
            "Nous sommes désolés : la personne qui voulait vous rappeler n'est plus en ligne. Vous restez sur notre liste."
        }
        Phrase::PressToBePutThrough { at, earlier: false } => {
            return format!(
                "Appuyez sur 1 pour être mis en relation avec l'appelant de {at}, ou restez en ligne pour joindre la personne d'astreinte."
            );
        }
        Phrase::PressToBePutThrough { at, earlier: true } => {
            return format!(
                "Appuyez sur 1 pour être mis en relation avec l'appelant de {at}, sur 2 pour un appelant précédent, ou restez en ligne pour joindre la personne d'astreinte."
            );
        }
        Phrase::TextInstead => "Vous pouvez envoyer un SMS à ce numéro à la place.",
        Phrase::PuttingThrough { hotline, at } => {
            return format!(
                "Ici la hotline {hotline}. La personne avec qui vous avez parlé à {at} vous appelle. Vous êtes mis en relation."
            );
        }
        Phrase::PuttingThroughLost => "Nous sommes désolés : la personne qui voulait vous parler n'est plus en ligne.",
        Phrase::NoKey => "Aucune touche n'a été pressée. Au revoir.",
        Phrase::NoMessage => "Nous n'avons pas entendu de message. Au revoir.",
        Phrase::Fault => "Il y a un problème technique. Veuillez rester en ligne, ou raccrochez et rappelez.",
        Phrase::Apology => {
            "Nous sommes désolés. Un problème technique nous empêche de traiter cet appel. Veuillez réessayer dans un instant. Au revoir."
        }
        Phrase::OneMoment => "Un instant, s'il vous plaît.",
        Phrase::PutThroughAllTheSame => {
            "Il y a un problème technique. Nous vous mettons tout de même en relation ; veuillez rester en ligne."
        }
        Phrase::CallThere(number) => return format!("Vous pouvez appeler vous-même le {}.", spoken(number, "plus")),
        Phrase::NoMessageNow => {
            "En raison d'un problème technique, nous ne pouvons pas prendre de message. Veuillez rappeler dans quelques minutes."
        }
        Phrase::WhisperThroughFault { hotline } => {
            return format!(
                "Ici la hotline {hotline}, avec un appel. En raison d'un problème technique, vous êtes appelé directement. Appuyez sur 1 pour prendre l'appel, ou raccrochez."
            );
        }
        Phrase::AlarmIsYours { hotline, title, details } => {
            return format!(
                "Hotline {hotline} : vous vous chargez de l'alarme : {} {}",
                sentence(title),
                sentence(details)
            )
            .trim_end()
            .to_owned();
        }
        Phrase::AlarmInVain { hotline, title, again } => return alarm_in_vain(hotline, title, again),
        Phrase::FromCaller { at, by_name: false } => return format!("Appelant de {at} :"),
        Phrase::FromCaller { at, by_name: true } => return format!("Appelant de {at} (pour répondre, commencez par {at}) :"),
        Phrase::FromHotline(hotline) => return format!("Hotline {hotline} :"),
        Phrase::PicturesLeftOut => "(Avec une image, qui n'est pas transmise.)",
        Phrase::NotPassedOn { hotline, for_good: false } => {
            return format!("Hotline {hotline} : votre message n'est peut-être pas arrivé. Si c'est urgent, appelez ce numéro.");
        }
        Phrase::NotPassedOn { hotline, for_good: true } => {
            return format!("Hotline {hotline} : vos messages n'arrivent pas à votre interlocuteur. Si c'est urgent, appelez ce numéro.");
        }
        Phrase::TooManyPassedOn(most) => {
            return format!("Votre message n'a pas été transmis : {most} par heure au plus. Appelez plutôt ce numéro.");
        }
        Phrase::TextWithoutWords(number) => {
            return format!(
                "Nous ne pouvons lire que des mots. Écrivez ce qui se passe, ou appelez le {}.",
                number.address()
            );
        }
        Phrase::TextReceived => "Nous avons reçu votre message et appelons la personne d'astreinte.",
        Phrase::TextInHand => "Quelqu'un s'en charge. Vous pouvez continuer à écrire ici.",
        Phrase::TextInVain { number, closed: false } => {
            return format!(
                "Nous sommes désolés : personne n'a pu prendre votre message. Appelez le {}.",
                number.address()
            );
        }
        Phrase::TextInVain { number, closed: true } => {
            return format!(
                "Nous sommes fermés en ce moment, et personne ne prend votre message. Appelez le {}.",
                number.address()
            );
        }
        Phrase::TooManyTexts(number) => {
            return format!(
                "Nous avons reçu beaucoup de messages de vous, et n'appelons donc personne. Appelez le {}.",
                number.address()
            );
        }
        Phrase::TextIsYours { hotline, text } => {
            return format!("Hotline {hotline} : vous vous chargez de ce message, et ce que vous répondez ici est transmis : {text}");
        }
        Phrase::TextMissed { hotline, sender, text } => {
            return format!(
                "Hotline {hotline} : personne n'a pris un message du {}. Merci de vous en charger : {text}",
                sender.address()
            );
        }
        Phrase::NobodyJoins(hotline) => {
            return format!(
                "Hotline {hotline} : nous n'avons pu joindre personne d'autre. Vous êtes toujours avec l'appelant. Appuyez sur étoile pour réessayer."
            );
        }
        Phrase::CallbackOverdue { hotline, number, minutes } => {
            return format!(
                "Ligne {hotline} : le rappel au {} attend depuis {minutes} min. Veuillez rappeler maintenant.",
                number.address()
            );
        }
        Phrase::MissedCall { hotline, caller, at, what } => return missed(&dated(hotline, at), caller, what),
        Phrase::RingsYou { hotline, caller } => {
            let caller = caller.map_or_else(|| "d'un numéro masqué".to_owned(), |caller| format!("du {}", caller.address()));
            return format!("La hotline {hotline} vous appelle : un appel {caller}. Décrochez et appuyez sur le 1 pour le prendre.");
        }
        Phrase::RingsYouForAlarm { hotline, title } => {
            return format!(
                "La hotline {hotline} vous appelle pour une alarme : {} Décrochez et appuyez sur le 1 pour vous en occuper.",
                sentence(title)
            );
        }
        Phrase::CallbackClosed { hotline, id } => {
            return format!("Ligne {hotline} : le rappel {id} est clos. Envoyez ROUVRIR {id} pour le rouvrir.");
        }
        Phrase::MessageInWriting { hotline, caller, text } => {
            let caller = caller.map_or_else(|| "d'un numéro masqué".to_owned(), |number| format!("du {}", number.address()));
            return format!("Hotline {hotline} : message {caller}, transcrit par une machine : {text}");
        }
        Phrase::TextAway { until, until_back: false } => {
            return format!("Vous êtes absent jusqu'à {until} et n'êtes pas appelé d'ici là. Envoyez RETOUR à votre retour.");
        }
        Phrase::TextAway { until, until_back: true } => {
            return format!(
                "Vous êtes absent et n'êtes pas appelé. Envoyez RETOUR à votre retour ; au plus tard {until}, vous serez de nouveau appelé."
            );
        }
        Phrase::TextAllAway { last_resort: true } => "Toute l'astreinte est maintenant absente : les appels vont au dernier recours.",
        Phrase::TextAllAway { last_resort: false } => {
            "Toute l'astreinte est maintenant absente et il n'y a pas de dernier recours : vous êtes donc tous appelés quand même. Merci de trouver quelqu'un pour prendre le relais."
        }
        Phrase::TextTooLong => {
            "Rien n'a changé : 14 jours au plus, par exemple ABSENT 3j. Pour plus longtemps, merci de modifier le planning."
        }
        Phrase::TextUnclear => {
            "Rien n'a changé : la durée n'est pas claire. Envoyez par exemple ABSENT 2h, ABSENT 30m ou ABSENT jusqu'à 18:00."
        }
        Phrase::TextBack => "Bon retour. Vous êtes appelé dès que vous êtes d'astreinte.",
        Phrase::TextOnCall { place: index, until } => return format!("Vous êtes {} jusqu'à {until}.", person(index)),
        Phrase::TextNotOnCall => "Vous n'êtes pas d'astreinte maintenant.",
        Phrase::TextIsAway(Some(until)) => return format!("Vous êtes absent jusqu'à {until}."),
        Phrase::TextIsAway(None) => "Vous êtes absent.",
        Phrase::TextBySheet(cell) => {
            return format!("C'est ce que dit le planning ({cell}). Si ce n'est plus vrai, envoyez RETOUR.");
        }
        Phrase::TextBackDespite(cell) => {
            return format!("Le planning vous dit encore absent ({cell}) : merci de le faire corriger.");
        }
        Phrase::TextIsThere => "Vous n'êtes pas absent.",
        Phrase::TextWho { people, until } => return format!("D'astreinte jusqu'à {until} : {people}."),
        Phrase::TextWhoAway(people) => return format!("Absents aussi : {people}."),
        Phrase::AwayUntil(Some(until)) => return format!("absent jusqu'à {until}"),
        Phrase::AwayUntil(None) => "absent",
        Phrase::TextHelp(hotline) => {
            return format!(
                "Hotline {hotline}. Envoyez ABSENT 2h, ABSENT jusqu'à 18:00, RETOUR, STATUT (suis-je d'astreinte ?), QUI (qui l'est ?) ou, pour les rappels, LISTE, APPELER 3, FAIT 3, ROUVRIR 3."
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
                None => format!("{id} : {number}, {age}"),
                Some(name) => format!("{id} : {number}, {age} ({name} appelle)"),
            };
        }
        Phrase::TextCallbacks { list, more, example } => {
            let more = if more == 0 { String::new() } else { format!(", et {more} de plus") };
            return format!(
                "Rappels en attente : {list}{more}. APPELER {example} vous appelle, puis le correspondant ; FAIT {example} clôt le rappel."
            );
        }
        Phrase::TextNoCallbacks => "Aucun rappel n'est en attente.",
        Phrase::TextNoSuchCallback(id) => {
            return format!("Il n'y a pas de rappel {id} en attente. Envoyez LISTE pour voir lesquels le sont.");
        }
        Phrase::TextRingingBack(id) => {
            return format!("Nous vous appelons pour le rappel {id}. Appuyez sur 1 et nous appelons le correspondant.");
        }
        Phrase::TextNotRung { id, why } => return not_rung(id, why),
        Phrase::TextCallbackDone(id) => return format!("Le rappel {id} est clos. Envoyez ROUVRIR {id} pour le rouvrir."),
        Phrase::TextCallbackOpen(id) => return format!("Le rappel {id} est de nouveau en attente."),
        Phrase::TextNotOpened(id) => {
            return format!("Le rappel {id} ne peut pas être rouvert : il est en attente, ou clos depuis plus d'un jour.");
        }
        Phrase::TextNotRead(number) => {
            return format!(
                "Cette ligne prend les appels. Merci d'appeler le {} ; les messages ne sont pas lus.",
                number.address()
            );
        }
        Phrase::TextLastAnswer => "D'autres messages dans l'heure comptent, mais restent sans réponse.",
    };
    words.to_owned()
}

/// Why it is he who is rung.
fn why_him(level: Option<usize>) -> String {
    match level {
        Some(level) => format!("Vous êtes {}.", person(level)),
        None => "Vous êtes le dernier recours, car personne d'astreinte n'a accepté.".to_owned(),
    }
}

fn whisper(hotline: &str, caller: Option<&Phone>, level: Option<usize>) -> String {
    let caller = caller.map_or_else(
        || "d'un numéro masqué".to_owned(),
        |number| format!("du {}", spoken(number, "plus")),
    );
    let why = why_him(level);
    format!(
        "Ici la hotline {hotline}, avec un appel {caller}. {why} Appuyez sur 1 pour prendre l'appel, sur 2 pour le passer au suivant, ou sur 3 pour réécouter."
    )
}

fn person(level: usize) -> String {
    ORDINALS.get(level).map_or_else(
        || format!("la personne d'astreinte numéro {}", level + 1),
        |ordinal| format!("la {ordinal} personne d'astreinte"),
    )
}

fn alarm_whisper(hotline: &str, title: &str, level: Option<usize>) -> String {
    let why = why_him(level);
    format!(
        "Ici la hotline {hotline}, avec une alarme : {} {why} Appuyez sur 1 pour vous en charger, sur 2 pour la passer au suivant, ou sur 3 pour réécouter.",
        sentence(title)
    )
}

fn text_whisper(hotline: &str, text: &str, level: Option<usize>) -> String {
    let why = why_him(level);
    format!(
        "Ici la hotline {hotline}, avec un message écrit : {} {why} Appuyez sur 1 pour vous en charger, sur 2 pour le passer au suivant, ou sur 3 pour réécouter.",
        sentence(text)
    )
}

fn alarm_in_vain(hotline: &str, title: &str, again: Option<(u64, u16)>) -> String {
    let what = format!("Hotline {hotline} : personne ne se charge de l'alarme : {}", sentence(title));
    let next = match again {
        Some((minutes, 1)) => format!("Nous rappelons dans {minutes} minutes, pour la dernière fois. Occupez-vous-en si vous pouvez."),
        Some((minutes, left)) => {
            format!("Nous rappelons dans {minutes} minutes, encore {left} fois au plus. Occupez-vous-en si vous pouvez.")
        }
        None => "Nous n'appelons plus personne. Occupez-vous-en maintenant.".to_owned(),
    };
    format!("{what} {next}")
}

fn missed(hotline: &str, caller: Option<&Phone>, what: Missed<'_>) -> String {
    let what = match what {
        Missed::LeftMessage(Some(seconds)) => format!("a laissé un message de {seconds} s"),
        Missed::LeftMessage(None) => "a laissé un message".to_owned(),
        Missed::LeftNothing => "n'a joint personne et n'a pas laissé de message".to_owned(),
        Missed::AskedForCallback(number) => format!("demande à être rappelé au {}", number.address()),
        Missed::HungUp => "a raccroché avant d'être mis en relation".to_owned(),
        Missed::CutOff { name, seconds } => format!("a été avec {name} moins de {seconds} s et n'a peut-être pas pu parler"),
    };
    match caller {
        Some(caller) => format!("Hotline {hotline} : l'appelant {} {what}. Merci de rappeler.", caller.address()),
        None => format!("Hotline {hotline} : un appelant au numéro masqué {what}."),
    }
}

fn not_rung(id: u32, why: &Hindrance) -> String {
    match why {
        Hindrance::Calling(name) => format!("{name} est en train de faire le rappel {id}."),
        Hindrance::OwnNumber => format!("Le rappel {id} est pour votre propre numéro. Quelqu'un d'autre doit le faire."),
        Hindrance::NotAllowed => {
            format!("La hotline ne peut pas appeler le numéro du rappel {id}. Merci d'en parler à la personne qui la gère.")
        }
        Hindrance::Engaged => format!("Vous êtes dans un autre appel de la hotline. Envoyez APPELER {id} de nouveau ensuite."),
        Hindrance::CallerEngaged => {
            format!("Le correspondant du rappel {id} est dans un autre appel avec la hotline. Envoyez APPELER {id} de nouveau plus tard.")
        }
    }
}
