const ADDRESS = "{address}";
const PASSWORD = "{password}";

function nudge() {
  const headers = { Authorization: "Bearer " + PASSWORD };
  UrlFetchApp.fetch(ADDRESS, { method: "post", headers: headers, muteHttpExceptions: true });
}
function install() {
  ScriptApp.getProjectTriggers().forEach((old) => ScriptApp.deleteTrigger(old));
  ScriptApp.newTrigger("nudge").forSpreadsheet(SpreadsheetApp.getActive()).onEdit().create();
  ScriptApp.newTrigger("nudge").forSpreadsheet(SpreadsheetApp.getActive()).onChange().create();
}
