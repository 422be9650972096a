//! What is promised of numbers: none is texted whose owner has nothing to do with it. Whom the phones ring for is told in
//! [`super`].

use super::super::scenario::Person;
use super::Night;
use rotaline::roster::Phone;
use std::collections::BTreeSet;

impl Night<'_> {
    /// People of the rota, the last resort, those who are told, and whoever has called or texted himself.
    pub(super) fn only_who_has_to_do_with_it_is_texted(&self) -> Vec<String> {
        let people = self.scenario.people.iter().chain(&self.scenario.last_resort);
        let of_rota = people.flat_map(Person::phones).map(|(phone, _)| phone.address());
        let told = self.scenario.rules.tell.iter().map(Phone::address);
        let callers = self.desk.calls.values().filter_map(|call| call.from().map(Phone::address));
        let texting = self.scenario.texting.iter().flat_map(|texting| &texting.texts);
        let senders = texting.map(|(_, sender, _)| sender.address());
        let known: BTreeSet<&str> = of_rota
            .chain(told)
            .chain(callers)
            .chain(senders)
            .chain(self.of_callbacks())
            .chain(self.of_redials())
            .collect();
        let texts = self.desk.network.texts().iter();
        texts
            .filter(|text| !known.contains(text.to.as_str()))
            .map(|text| format!("{} is texted, and has nothing to do with it: {}", text.to, text.body))
            .collect()
    }
}
