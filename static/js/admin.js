// What makes the admin a little easier. Every page works without it.

// --- one tick for all rows of a page ------------------------------------------------------------------------------------
for (const all of document.querySelectorAll("[data-pick-all]")) {
  const rows = () => all.closest("table").querySelectorAll("input.action-select");
  all.addEventListener("change", () => {
    for (const one of rows()) one.checked = all.checked;
  });
  all.closest("table").addEventListener("change", (event) => {
    if (!event.target.matches("input.action-select")) return;
    const marks = [...rows()].map((one) => one.checked);
    all.checked = marks.every(Boolean);
    all.indeterminate = !all.checked && marks.some(Boolean);
  });
}

// --- names offered while one is typed: <input data-pick="address" list="..."> -------------------------------------------
for (const field of document.querySelectorAll("input[data-pick]")) {
  const offered = document.getElementById(field.getAttribute("list"));
  let asked = "";
  let timer = 0;
  const ask = async () => {
    const text = field.value.trim();
    if (text === asked) return;
    asked = text;
    const answer = await fetch(`${field.dataset.pick}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || text !== asked) return;
    const { names } = await answer.json();
    offered.replaceChildren(
      ...names.map((name) => {
        const option = document.createElement("option");
        option.value = name;
        return option;
      }),
    );
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 180);
  });
  field.addEventListener("focus", ask, { once: true });
}

// --- a filter that is chosen is shown at once --------------------------------------------------------------------------
for (const choice of document.querySelectorAll(".ask select")) choice.addEventListener("change", () => choice.form.requestSubmit());

// --- choices that belong to another choice: <select data-choices-of="deadline">, values "deadline:what" ------------------
for (const choice of document.querySelectorAll("select[data-choices-of]")) {
  const master = choice.form.elements[choice.dataset.choicesOf];
  const narrow = () => {
    for (const option of choice.options) {
      option.hidden = option.disabled = Boolean(master.value && option.value && !option.value.startsWith(`${master.value}:`));
    }
    for (const group of choice.querySelectorAll("optgroup")) group.hidden = [...group.children].every((option) => option.hidden);
    if (choice.selectedOptions[0]?.disabled) choice.value = "";
  };
  master.addEventListener("change", narrow);
  narrow();
}
