//! What a code means: the entry of the catalogue, which is the document that people read in `docs/` as well.

use crate::roster::Code;

/// The one place where every code is described.
const CATALOGUE: &str = include_str!("../../docs/diagnostics.md");

/// The entry of a code, with a line end.
#[must_use]
pub fn explain(code: Code) -> String {
    // A test holds that every code has its entry.
    entry(code).map_or_else(|| format!("{code}\n\n{}\n", code.meaning()), |text| format!("{text}\n"))
}

/// From its heading up to the next one; the marks of Markdown that only get in the way of reading are left out.
fn entry(code: Code) -> Option<String> {
    let heading = format!("\n## {code}\n");
    let from = CATALOGUE.find(&heading)? + "\n## ".len();
    let rest = CATALOGUE.get(from..)?;
    let text = rest.split("\n## ").next()?.trim_end();
    let lines = text.lines().filter(|line| !line.starts_with("```"));
    Some(lines.collect::<Vec<_>>().join("\n").replace("**", ""))
}

/// The code that somebody types, for the command line.
pub(super) fn code(text: &str) -> Result<Code, String> {
    let typed = text.trim().trim_matches(['[', ']']).to_lowercase();
    Code::named(&typed).ok_or_else(|| {
        let nearest = Code::ALL
            .iter()
            .min_by_key(|code| strsim::damerau_levenshtein(code.as_str(), &typed))
            .map_or("", |code| code.as_str());
        format!("there is no such code. The nearest is {nearest}; docs/diagnostics.md lists them all")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::Severity;

    /// The headings of the catalogue, in its order.
    fn headings() -> Vec<&'static str> {
        CATALOGUE.lines().filter_map(|line| line.strip_prefix("## ")).collect()
    }

    #[test]
    fn every_code_has_its_entry_and_no_other() {
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(
            headings(),
            codes,
            "docs/diagnostics.md has the codes in the order of roster/diagnostic.rs"
        );
    }

    #[test]
    fn each_entry_says_severity_meaning_an_example_what_calls_do_and_what_to_do() {
        for code in Code::ALL {
            let raw = CATALOGUE
                .split(&format!("\n## {code}\n"))
                .nth(1)
                .unwrap()
                .split("\n## ")
                .next()
                .unwrap();
            let mut lines = raw.trim().lines();
            let first = lines.next().unwrap();
            let (severities, meaning) = first.split_once(": ").unwrap_or_else(|| panic!("{code}: {first}"));
            assert_eq!(meaning, code.meaning(), "{code}: its meaning in roster/diagnostic.rs");
            let named = [Severity::Stop, Severity::Warn, Severity::Note].map(|severity| severity.to_string());
            let said: Vec<&str> = severities.trim_matches('*').split(" or ").collect();
            assert!(said.iter().all(|one| named.iter().any(|name| name == one)), "{code}: {severities}");
            let example = raw
                .split("```")
                .nth(1)
                .unwrap_or_else(|| panic!("{code} has no example"))
                .trim_start_matches("text\n");
            let head = example.lines().next().unwrap();
            assert!(head.ends_with(&format!(" [{code}]")), "{code}: {head}");
            assert!(said.iter().any(|one| head.starts_with(&format!("{one}  "))), "{code}: {head}");
            for part in ["\n**Calls:** ", "\n**What to do:** "] {
                assert!(raw.contains(part), "{code} lacks {part:?}");
            }
        }
    }

    #[test]
    fn an_entry_is_printed_as_it_stands_without_its_marks() {
        let said = explain(Code::NameUnknown);
        assert!(said.starts_with("name-unknown\n\nSTOP"), "{said}");
        assert!(said.contains("[name-unknown]\n"), "{said}");
        assert!(said.contains("\nWhat to do: "), "{said}");
        assert!(!said.contains("**") && !said.contains("```") && !said.contains("\n## "), "{said}");
    }

    #[test]
    fn a_code_is_understood_as_it_is_printed() {
        assert_eq!(code("name-unknown"), Ok(Code::NameUnknown));
        assert_eq!(code(" [Name-Unknown] "), Ok(Code::NameUnknown));
        assert_eq!(
            code("name-unknwon").unwrap_err(),
            "there is no such code. The nearest is name-unknown; docs/diagnostics.md lists them all"
        );
    }
}
