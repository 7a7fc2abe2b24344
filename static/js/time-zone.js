// Fills in the zone that this device keeps, where the person has not chosen one: <select data-guess-zone>.
for (const select of document.querySelectorAll("select[data-guess-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const untouched = [...select.options].every((option) => option.selected === option.defaultSelected);
  if (untouched && !select.closest("form").querySelector("[aria-invalid]") && [...select.options].some((option) => option.value === zone)) select.value = zone;
}
