//! What helps whoever fills in a workbook: names to choose from, dates that are dates, colours. Only help: whoever pastes
//! over a cell takes it away, and the reader checks everything anyway.

use super::book::{InForce, Kind, Tab};
use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule, Format, Formula, Worksheet, XlsxError,
    utility::column_number_to_name,
};

/// How far down the columns are prepared for what an admin adds later.
const LAST_ROW: u32 = 499;
const GREEN: &str = "#C6EFCE";
const RED: &str = "#FFC7CE";

/// Adds the rules of all columns.
pub(super) fn add(sheet: &mut Worksheet, tab: &Tab) -> Result<(), XlsxError> {
    for (place, column) in (0..).zip(&tab.columns) {
        if let Some(rule) = validation(column.kind, place)? {
            sheet.add_data_validation(1, place, LAST_ROW, place, &rule)?;
        }
        if column.kind == Kind::Name {
            colour(sheet, (1, place, place), &unknown_name(place), RED)?;
            if tab.blanks_are_holes && place > 0 {
                colour(
                    sheet,
                    (1, place, place),
                    &format!("=AND($A2<>\"\",{}2=\"\")", column_number_to_name(place)),
                    RED,
                )?;
            }
        }
    }
    let last = u16::try_from(tab.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    match tab.in_force {
        InForce::Nothing => Ok(()),
        InForce::UntilNextRow => colour(sheet, (1, 0, last), "=AND($A2<>\"\",$A2<=NOW(),OR($A3=\"\",$A3>NOW()))", GREEN),
        InForce::UntilSecondCell => colour(sheet, (1, 0, last), "=AND($A2<>\"\",$A2<=NOW(),$B2>NOW())", GREEN),
        InForce::Today => colour(sheet, (1, 0, last), "=$A2=TODAY()", GREEN),
        InForce::TodaysColumn => colour(sheet, (0, 1, last), "=B$1=TODAY()", GREEN),
        InForce::Weekday => colour(
            sheet,
            (1, 0, last),
            "=$A2=CHOOSE(WEEKDAY(TODAY(),2),\"Monday\",\"Tuesday\",\"Wednesday\",\"Thursday\",\"Friday\",\"Saturday\",\"Sunday\")",
            GREEN,
        ),
    }
}

/// Neither a contact nor `nobody`. Several in one cell are left to the reader. INDIRECT, because Google's spreadsheets
/// reach other tabs from here in no other way.
fn unknown_name(place: u16) -> String {
    let cell = format!("{}2", column_number_to_name(place));
    format!(
        "=AND({cell}<>\"\",{cell}<>\"nobody\",COUNTIF(INDIRECT(\"Contacts!A:A\"),{cell})+COUNTIF(INDIRECT(\"Contacts!C:C\"),{cell})=0,\
         NOT(ISNUMBER(SEARCH(\"/\",{cell}))),NOT(ISNUMBER(SEARCH(\"&\",{cell}))))"
    )
}

/// Colours the cells from a row on, between two columns, for which the formula holds; it speaks of the first of them.
fn colour(sheet: &mut Worksheet, (row, first, last): (u32, u16, u16), formula: &str, colour: &str) -> Result<(), XlsxError> {
    let rule = ConditionalFormatFormula::new()
        .set_rule(formula)
        .set_format(Format::new().set_background_color(colour));
    sheet.add_conditional_format(row, first, LAST_ROW, last, &rule)?;
    Ok(())
}

/// What may be typed into a column; always only a warning, because the reader understands more.
fn validation(kind: Kind, place: u16) -> Result<Option<DataValidation>, XlsxError> {
    let cell = format!("{}2", column_number_to_name(place));
    let rule = DataValidation::new().set_error_style(DataValidationErrorStyle::Warning);
    let rule = match kind {
        Kind::Text => return Ok(None),
        Kind::Name => rule
            .allow_list_formula(Formula::new(format!("Contacts!$A$2:$A${}", LAST_ROW + 1)))
            .set_error_title("Not one of the contacts")?
            .set_error_message("Choose a name from the Contacts tab. \"nobody\", and two names with \"/\" between them, are fine too.")?,
        Kind::Date | Kind::DateTime => rule
            .allow_date_formula(DataValidationRule::GreaterThan(Formula::new("=DATE(2020,1,1)")))
            .set_error_title("Not a date")?
            .set_error_message("Type a date that turns into a weekday with its date, such as Mon 2 Mar 2026 08:00.")?,
        Kind::Phone => rule
            .allow_custom(Formula::new(format!("=AND(ISTEXT({cell}),LEN({cell})>=6)")))
            .set_error_title("Not a telephone number")?
            .set_error_message("Type the number as text, with its zero or with + and the country: format the cell as text first.")?,
        Kind::Code => rule
            .allow_custom(Formula::new(format!("=LEN({cell})<=12")))
            .set_error_title("Long for a code")?
            .set_error_message("Type one of the codes that stand in the Settings tab.")?,
    };
    Ok(Some(rule))
}
