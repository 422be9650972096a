//! What helps whoever fills in a workbook: names to choose from, dates that are dates, colours. Only help: whoever pastes
//! over a cell takes it away, and the reader checks everything anyway.

use super::book::{InForce, Kind, Tab};
use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule, Format, Formula, Worksheet, XlsxError,
    utility::column_number_to_name,
};

/// At least so many rows are prepared for what an admin adds later; contacts are looked for in as many.
const FEWEST_ROWS: u32 = 500;
/// And so many below those that are filled in.
const ROWS_BELOW: usize = 100;
const GREEN: &str = "#C6EFCE";
const RED: &str = "#FFC7CE";

/// Adds the rules of all columns.
pub(super) fn add(sheet: &mut Worksheet, tab: &Tab) -> Result<(), XlsxError> {
    let filled = u32::try_from(tab.rows.len() + ROWS_BELOW).unwrap_or(FEWEST_ROWS);
    let last_row = filled.max(FEWEST_ROWS) - 1;
    for (place, column) in (0..).zip(&tab.columns) {
        if let Some(rule) = validation(column.kind, place)? {
            sheet.add_data_validation(1, place, last_row, place, &rule)?;
        }
        let cell = format!("{}2", column_number_to_name(place));
        let red = match column.kind {
            Kind::Name if tab.blanks_are_holes && place > 0 => vec![unknown_name(&cell), format!("=AND($A2<>\"\",{cell}=\"\")")],
            Kind::Name => vec![unknown_name(&cell)],
            Kind::Code => vec![unknown_code(&cell)],
            Kind::Text | Kind::Date | Kind::DateTime | Kind::Phone => Vec::new(),
        };
        for formula in red {
            colour(sheet, [1, last_row], [place, place], &formula, RED)?;
        }
    }
    let columns = [0, u16::try_from(tab.columns.len().saturating_sub(1)).unwrap_or(u16::MAX)];
    let (rows, columns, formula) = match tab.in_force {
        InForce::Nothing => return Ok(()),
        InForce::UntilNextRow => ([1, last_row], columns, "=AND($A2<>\"\",$A2<=NOW(),OR($A3=\"\",$A3>NOW()))"),
        InForce::UntilSecondCell => ([1, last_row], columns, "=AND($A2<>\"\",$A2<=NOW(),$B2>NOW())"),
        InForce::Today => ([1, last_row], columns, "=$A2=TODAY()"),
        InForce::TodaysColumn => ([0, last_row], [1, columns[1]], "=B$1=TODAY()"),
        InForce::Weekday => (
            [1, last_row],
            columns,
            "=$A2=CHOOSE(WEEKDAY(TODAY(),2),\"Monday\",\"Tuesday\",\"Wednesday\",\"Thursday\",\"Friday\",\"Saturday\",\"Sunday\")",
        ),
    };
    colour(sheet, rows, columns, formula, GREEN)
}

/// Neither a contact nor `nobody`. Several in one cell are left to the reader. INDIRECT, because Google's spreadsheets
/// reach other tabs from here in no other way.
fn unknown_name(cell: &str) -> String {
    format!(
        "=AND({cell}<>\"\",{cell}<>\"nobody\",COUNTIF(INDIRECT(\"Contacts!A:A\"),{cell})+COUNTIF(INDIRECT(\"Contacts!C:C\"),{cell})=0,\
         NOT(ISNUMBER(SEARCH(\"/\",{cell}))),NOT(ISNUMBER(SEARCH(\"&\",{cell}))))"
    )
}

/// Neither explained in the settings nor among the codes to ignore.
fn unknown_code(cell: &str) -> String {
    format!(
        "=AND({cell}<>\"\",COUNTIF(INDIRECT(\"Settings!A:A\"),\"Code: \"&{cell})+COUNTIF(INDIRECT(\"Settings!B:B\"),\"*\"&{cell}&\"*\")=0)"
    )
}

/// Colours the cells from one row and column to another for which the formula holds; it speaks of the first of them.
fn colour(sheet: &mut Worksheet, rows: [u32; 2], columns: [u16; 2], formula: &str, colour: &str) -> Result<(), XlsxError> {
    let rule = ConditionalFormatFormula::new()
        .set_rule(formula)
        .set_format(Format::new().set_background_color(colour));
    sheet.add_conditional_format(rows[0], columns[0], rows[1], columns[1], &rule)?;
    Ok(())
}

/// What may be typed into a column; always only a warning, because the reader understands more.
fn validation(kind: Kind, place: u16) -> Result<Option<DataValidation>, XlsxError> {
    let cell = format!("{}2", column_number_to_name(place));
    let rule = DataValidation::new().set_error_style(DataValidationErrorStyle::Warning);
    let rule = match kind {
        Kind::Text => return Ok(None),
        Kind::Name => rule
            .allow_list_formula(Formula::new(format!("Contacts!$A$2:$A${FEWEST_ROWS}")))
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
