// Questions of a form: rows are added without a reload, and a question with a condition shows only while it is asked.
// Without scripts a button asks the server for rows, and each condition stands in words above its question.

// --- rows: <div data-grid data-most> <tr data-row> ... <button data-add-row> ----------------------------------------------
const numbered = (text, from, to) => text.replace(new RegExp(`-${from}(?=-|$)`), `-${to}`);

function addRow(grid) {
  const rows = grid.querySelectorAll("[data-row]");
  const last = rows[rows.length - 1];
  const place = rows.length;
  const fresh = last.cloneNode(true);
  fresh.querySelector("[data-number]").textContent = place + 1;
  const name = fresh.querySelector("th");
  name.id = name.id.replace(/r\d+$/, `r${place + 1}`);
  for (const field of fresh.querySelectorAll("input, textarea, select")) {
    field.name = numbered(field.name, place - 1, place);
    field.id = `id_${field.name}`;
    field.removeAttribute("aria-invalid");
    field.setAttribute("aria-labelledby", field.getAttribute("aria-labelledby").replace(/r\d+$/, `r${place + 1}`));
    if (field.options) field.selectedIndex = 0;
    else field.value = field.defaultValue = "";
  }
  last.after(fresh);
  fresh.querySelector("input, textarea, select").focus();
  return place + 1;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-add-row]");
  const grid = button?.closest("[data-grid]");
  if (!grid?.querySelector("[data-row]")) return;
  event.preventDefault();
  if (addRow(grid) >= Number(grid.dataset.most)) button.hidden = true;
});

// --- conditions: <div data-when="name" data-values='["a"]'> -----------------------------------------------------------------
const conditional = [...document.querySelectorAll("[data-when]")];

function said(form, name) {
  return [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)]
    .filter((field) => field.checked && !field.closest(".question")?.hidden)
    // A ticked declaration counts as "yes" (grants.models.questions.TICKED).
    .map((field) => (field.value === "on" ? "yes" : field.value));
}

function settle() {
  for (const question of conditional) {
    const values = JSON.parse(question.dataset.values);
    question.hidden = !said(question.closest("form"), question.dataset.when).some((value) => values.includes(value));
  }
}

if (conditional.length) {
  for (const told of document.querySelectorAll("[data-condition]")) told.hidden = true;
  settle();
  document.addEventListener("change", settle);
  // The saving script writes another person's text into the page and says so by "input".
  document.addEventListener("input", settle);
}
