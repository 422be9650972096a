//! The project's source as the rules see it: paths and texts of the shipped code, without comments and without tests.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use std::path::{Path, PathBuf};

/// One file.
pub(super) struct Source {
    /// From the root of the project: `src/call/plan.rs`.
    pub(super) path: String,
    pub(super) text: String,
    /// Whether it holds nothing but tests.
    pub(super) is_test: bool,
    /// Every path of the shipped code, `use` groups taken apart: `["crate", "roster", "Phone"]`.
    pub(super) paths: Vec<Named>,
    /// Every text literal of the shipped code, as written.
    pub(super) literals: Vec<(String, usize)>,
    /// The modules that it declares for tests only.
    test_modules: Vec<String>,
}

/// A path in the code.
pub(super) struct Named {
    pub(super) parts: Vec<String>,
    pub(super) line: usize,
    /// How many inline modules it stands in.
    pub(super) inline_depth: usize,
}

/// All Rust files below these folders of the project.
pub(super) fn rust_files(folders: &[&str]) -> Vec<Source> {
    let mut sources: Vec<Source> = files(folders, "rs")
        .into_iter()
        .map(|(path, text)| Source::parse(&path, text))
        .collect();
    let tests: Vec<String> = sources
        .iter()
        .flat_map(|source| {
            source
                .test_modules
                .iter()
                .map(|module| format!("{}/{module}", source.module_folder()))
        })
        .collect();
    for source in &mut sources {
        let stem = source.path.trim_end_matches(".rs").to_owned();
        source.is_test |= tests.iter().any(|test| stem == *test || stem.starts_with(&format!("{test}/")));
    }
    sources
}

/// All files with this ending below these folders, or named themselves, with their text.
pub(super) fn files(folders: &[&str], ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no .{ending} file in {folders:?}");
    found
}

/// The documents in the root of the project.
pub(super) fn documents() -> Vec<(String, String)> {
    let root = std::fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap();
    let paths = root.map(|entry| entry.unwrap().path());
    let documents = paths.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    documents
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read_to_string(&path).unwrap(),
            )
        })
        .collect()
}

impl Source {
    pub(super) fn parse(path: &str, text: impl Into<String>) -> Self {
        let text = text.into();
        let stream: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut source = Self {
            path: path.to_owned(),
            text,
            is_test: path.starts_with("tests/"),
            paths: Vec::new(),
            literals: Vec::new(),
            test_modules: Vec::new(),
        };
        source.walk(stream, 0);
        source
    }

    /// The room that the file belongs to: the first part below `src`.
    pub(super) fn room(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        Some(below.split('/').next()?.trim_end_matches(".rs"))
    }

    /// How many modules deep the file is: 1 for `src/call.rs`.
    pub(super) fn depth(&self) -> usize {
        self.path.matches('/').count()
    }

    fn module_folder(&self) -> &str {
        let stem = self.path.trim_end_matches(".rs");
        let is_root = ["/main", "/lib"].into_iter().find_map(|root| stem.strip_suffix(root));
        is_root.unwrap_or(stem)
    }

    fn walk(&mut self, stream: TokenStream, inline_depth: usize) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while at < trees.len() {
            if let Some(after) = attribute(&trees, at) {
                let words = attribute_words(&trees[after - 1]);
                if words.starts_with("cfg(test") || words.starts_with("cfg(all(test") {
                    at = self.skip_item(&trees, after);
                    continue;
                }
                if words.starts_with("doc=") {
                    at = after;
                    continue;
                }
            }
            match &trees[at] {
                TokenTree::Ident(_) => {
                    if is_word(&trees[at], "mod")
                        && let Some(TokenTree::Group(body)) = trees.get(at + 2)
                    {
                        self.walk(body.stream(), inline_depth + 1);
                        at += 3;
                        continue;
                    }
                    at = self.path_from(&trees, at, Vec::new(), inline_depth);
                }
                TokenTree::Literal(literal) => {
                    self.literals.push((literal.to_string(), literal.span().start().line));
                    at += 1;
                }
                TokenTree::Group(group) => {
                    self.walk(group.stream(), inline_depth);
                    at += 1;
                }
                TokenTree::Punct(_) => at += 1,
            }
        }
    }

    /// Takes the path that begins at an identifier, and what its group of imports holds.
    fn path_from(&mut self, trees: &[TokenTree], mut at: usize, mut parts: Vec<String>, inline_depth: usize) -> usize {
        let line = trees[at].span().start().line;
        loop {
            match trees.get(at) {
                Some(TokenTree::Ident(word)) => parts.push(word.to_string()),
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    self.group_from(&group.stream().into_iter().collect::<Vec<_>>(), &parts, inline_depth);
                    return at + 1;
                }
                Some(TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_)) | None => break,
            }
            at += 1;
            if !is_double_colon(trees, at) {
                break;
            }
            at += 2;
        }
        self.paths.push(Named { parts, line, inline_depth });
        at
    }

    fn group_from(&mut self, trees: &[TokenTree], prefix: &[String], inline_depth: usize) {
        let mut at = 0;
        while at < trees.len() {
            at = match &trees[at] {
                TokenTree::Ident(_) => self.path_from(trees, at, prefix.to_vec(), inline_depth),
                TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => at + 1,
            };
        }
    }

    /// Leaves out the item after `#[cfg(test)]`.
    fn skip_item(&mut self, trees: &[TokenTree], mut at: usize) -> usize {
        while let Some(after) = attribute(trees, at) {
            at = after;
        }
        while let Some(tree) = trees.get(at) {
            at += 1;
            match tree {
                TokenTree::Ident(word) if word == "mod" => {
                    if let Some(TokenTree::Ident(name)) = trees.get(at) {
                        self.test_modules.push(name.to_string());
                    }
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    // `use a::{b, c};` goes on to its semicolon.
                    let ends = !trees.get(at).is_some_and(|next| is_punct(next, ';'));
                    return if ends { at } else { at + 1 };
                }
                TokenTree::Punct(punct) if punct.as_char() == ';' => return at,
                TokenTree::Ident(_) | TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
        at
    }
}

/// The place after the attribute that begins here.
fn attribute(trees: &[TokenTree], at: usize) -> Option<usize> {
    let inner = usize::from(trees.get(at + 1).is_some_and(|tree| is_punct(tree, '!')));
    let bracket = at + 1 + inner;
    let is_bracket = matches!(trees.get(bracket), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket);
    (is_punct(trees.get(at)?, '#') && is_bracket).then_some(bracket + 1)
}

fn attribute_words(tree: &TokenTree) -> String {
    let all = tree.to_string();
    all.trim_matches(['[', ']'])
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect()
}

fn is_punct(tree: &TokenTree, character: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == character)
}

fn is_word(tree: &TokenTree, expected: &str) -> bool {
    matches!(tree, TokenTree::Ident(word) if word == expected)
}

fn is_double_colon(trees: &[TokenTree], at: usize) -> bool {
    let first = matches!(trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':' && punct.spacing() == Spacing::Joint);
    first && trees.get(at + 1).is_some_and(|tree| is_punct(tree, ':'))
}
