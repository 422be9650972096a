//! Addresses in A1 notation: of a cell, of an area, of an area on a tab.

/// Rows and columns from zero, ends exclusive; without an end as far as the grid goes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Area {
    pub(super) top: usize,
    pub(super) left: usize,
    pub(super) bottom: Option<usize>,
    pub(super) right: Option<usize>,
}

impl Area {
    /// `A1:B2`, `A:C`, `2:5`, `A2:C`, `B2`.
    pub(super) fn parse(text: &str) -> Option<Area> {
        let (first, last) = text.split_once(':').map_or((text, None), |(first, last)| (first, Some(last)));
        let (row, column) = partial(first)?;
        let (last_row, last_column) = match last {
            Some(last) => partial(last)?,
            // A column or a row alone is an area only with a colon.
            None => (Some(row?), Some(column?)),
        };
        let area = Area {
            top: row.unwrap_or(0),
            left: column.unwrap_or(0),
            bottom: last_row.map(|row| row + 1),
            right: last_column.map(|column| column + 1),
        };
        let is_upright = area.bottom.is_none_or(|bottom| bottom > area.top) && area.right.is_none_or(|right| right > area.left);
        is_upright.then_some(area)
    }

    /// Within a grid of this size: `(top, left, bottom, right)`; `None` where it begins beyond.
    pub(super) fn within(self, rows: usize, columns: usize) -> Option<(usize, usize, usize, usize)> {
        let bottom = self.bottom.map_or(rows, |bottom| bottom.min(rows));
        let right = self.right.map_or(columns, |right| right.min(columns));
        (self.top < rows.max(1) && self.left < columns.max(1)).then_some((self.top, self.left, bottom, right))
    }
}

/// Row and column of a cell, from zero: `B2` is `(1, 1)`.
pub(super) fn position(text: &str) -> Option<(usize, usize)> {
    let (row, column) = partial(text)?;
    Some((row?, column?))
}

/// What a part of an address names: a row, a column, or both, from zero.
fn partial(text: &str) -> Option<(Option<usize>, Option<usize>)> {
    let text = text.replace('$', "");
    let letters = text.chars().take_while(char::is_ascii_alphabetic).count();
    let (letters, digits) = text.split_at(letters);
    if letters.len() > 3 || (letters.is_empty() && digits.is_empty()) {
        return None;
    }
    let row = match digits {
        "" => None,
        digits => Some(digits.parse::<usize>().ok()?.checked_sub(1)?),
    };
    let number = |letter: u8| usize::from(letter.to_ascii_uppercase() - b'A') + 1;
    let column = letters.bytes().fold(0, |sum, letter| sum * 26 + number(letter));
    Some((row, column.checked_sub(1)))
}

/// The letters of a column, from zero: 27 is `AB`.
pub(super) fn letters(column: usize) -> String {
    let last = char::from(b'A' + u8::try_from(column % 26).expect("less than 26"));
    match column / 26 {
        0 => last.to_string(),
        more => letters(more - 1) + &last.to_string(),
    }
}

/// A tab's title and an area on it: `Rota`, `Rota!A1:Z`, `'On call'!A:F`, `'Anna''s'`.
pub(super) fn on_tab(text: &str) -> Option<(String, Area)> {
    let (title, rest) = if let Some(quoted) = text.strip_prefix('\'') {
        let mut end = None;
        let mut skip = false;
        for (at, letter) in quoted.char_indices() {
            match letter {
                '\'' if skip => skip = false,
                '\'' if quoted[at + 1..].starts_with('\'') => skip = true,
                '\'' => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
        }
        (quoted[..end?].replace("''", "'"), &quoted[end? + 1..])
    } else {
        let end = text.find('!').unwrap_or(text.len());
        (text[..end].to_owned(), &text[end..])
    };
    match rest {
        "" => Some((title, Area::default())),
        rest => Some((title, Area::parse(rest.strip_prefix('!')?)?)),
    }
}

/// A title as ranges name it: in quotes unless it is one plain word that is no cell's address.
pub(super) fn quoted(title: &str) -> String {
    let is_word = !title.is_empty() && title.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if is_word && !title.starts_with(|letter: char| letter.is_ascii_digit()) && position(title).is_none() {
        return title.to_owned();
    }
    format!("'{}'", title.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(top: usize, left: usize, bottom: Option<usize>, right: Option<usize>) -> Area {
        Area { top, left, bottom, right }
    }

    /// After the table of developers.google.com/workspace/sheets/api/guides/concepts#cell.
    #[test]
    fn addresses_mean_what_the_guide_says() {
        let rota = |area| Some(("Rota".to_owned(), area));
        assert_eq!(on_tab("Rota!A1:B2"), rota(area(0, 0, Some(2), Some(2))));
        assert_eq!(on_tab("Rota!A:A"), rota(area(0, 0, None, Some(1))));
        assert_eq!(on_tab("Rota!1:2"), rota(area(0, 0, Some(2), None)));
        assert_eq!(on_tab("Rota!A5:A"), rota(area(4, 0, None, Some(1))));
        assert_eq!(on_tab("Rota"), rota(Area::default()));
        assert_eq!(
            on_tab("'Jon''s_Data'!A1:D5"),
            Some(("Jon's_Data".to_owned(), area(0, 0, Some(5), Some(4))))
        );
        assert_eq!(on_tab("'My Custom Sheet'"), Some(("My Custom Sheet".to_owned(), Area::default())));
        assert_eq!(
            [on_tab("Rota!"), on_tab("Rota!A0"), on_tab("Rota!?"), on_tab("'Rota")],
            [None, None, None, None]
        );
        assert_eq!(position("AB10"), Some((9, 27)));
        assert_eq!(
            [letters(0), letters(25), letters(26), letters(27), letters(701), letters(702)],
            ["A", "Z", "AA", "AB", "ZZ", "AAA"]
        );
        assert_eq!(
            [quoted("Rota"), quoted("On call"), quoted("A1"), quoted("Jon's")],
            ["Rota", "'On call'", "'A1'", "'Jon''s'"]
        );
    }
}
