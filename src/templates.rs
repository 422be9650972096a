//! Rotas to copy: a workbook, or a folder of text tables, in each of the shapes that are explained in a minute.
//!
//! It knows how a rota is laid out in a spreadsheet, and what helps whoever fills it in: lists to choose from, colours,
//! notes. It must not read one, nor write files.

mod book;
mod files;
mod layouts;
mod rules;
mod tabs;
mod workbook;

use chrono::NaiveTime;

pub use book::{Book, Column, InForce, Kind, Tab, Value};
pub use layouts::{Layout, Wish, handover_list};
pub use tabs::{Contact, Setting, changes, contacts, settings};
pub use workbook::check;

/// What of a template cannot be written: a date that a spreadsheet cannot hold.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct TemplateError(#[from] rust_xlsxwriter::XlsxError);

/// When duties begin where a template says nothing else.
pub const HANDOVER: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
