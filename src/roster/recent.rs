//! What was found out of late about texts: a rota shows the same few over and over, and looking one up here takes a fraction
//! of a search in a tree. Whatever it has forgotten is found out anew. It must not know what the texts are.

/// Texts that are kept; of two that share a place the newer one.
const PLACES: usize = 1 << 10;

/// Something about each of the newest texts.
pub(super) struct Recent<V> {
    places: Vec<Option<(String, V)>>,
}

impl<V> Recent<V> {
    pub(super) const fn new() -> Self {
        Self { places: Vec::new() }
    }

    /// What is known of a text.
    pub(super) fn get(&self, text: &str) -> Option<&V> {
        let known = self.places.get(place(text))?.as_ref();
        known.filter(|(known, _)| known == text).map(|(_, value)| value)
    }

    pub(super) fn put(&mut self, text: &str, value: V) {
        if self.places.is_empty() {
            self.places.resize_with(PLACES, || None);
        }
        if let Some(slot) = self.places.get_mut(place(text)) {
            *slot = Some((text.to_owned(), value));
        }
    }
}

/// Names differ at their ends or in their length.
fn place(text: &str) -> usize {
    let bytes = text.as_bytes();
    let first = bytes.iter().take(8);
    let last = bytes.iter().rev().take(8);
    let sum = first
        .chain(last)
        .fold(bytes.len(), |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    sum % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_took_the_place_of_another_is_not_taken_for_it() {
        let mut recent = Recent::new();
        assert_eq!(recent.get("Ana"), None);
        // More texts than places.
        for number in 0..5 * PLACES {
            recent.put(&number.to_string(), number);
            assert_eq!(recent.get(&number.to_string()), Some(&number));
        }
        let wrong = (0..5 * PLACES).filter(|number| recent.get(&number.to_string()).is_some_and(|known| known != number));
        assert_eq!(wrong.count(), 0);
        let kept = (0..5 * PLACES).filter(|number| recent.get(&number.to_string()).is_some()).count();
        assert!((1..=PLACES).contains(&kept));
    }
}
