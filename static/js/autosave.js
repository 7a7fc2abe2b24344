// Saves the sections of a form while people write, and says honestly whether it has.
//
//   <form data-autosave-url="..."> ... {% autosave_texts %}
//     <section data-autosave-section="need" data-revision="3"> fields, {% saved_state %} </section>
//
// Each section is POSTed by itself (its fields, `section`, `revision`; token in X-CSRFToken), one request at a time.
// Answers: 200 {"revision", "saved_at", "notes": {key: what the line data-note="key" says}}; 409 {"revision", "theirs": {field: text or texts}, "by", "texts": {"mine", "theirs"}
// in words, "reload": theirs does not fit into the page}; 400, 413 or 422 {"message"}; 401, 403 or a redirect: signed out.
// Whatever is not saved stays on this device until it is. Hidden fields are sent where they carry data-sent, others where
// they do not carry data-not-saved.

const form = document.querySelector("form[data-autosave-url]");
const PAUSE = 1500;
const RETRY = 15000;
// What the server keeps of one text at most (rules.writing.MAX_CHARACTERS, grants.rules.answers.MAX_CHARACTERS).
const LONGEST = 100000;

if (form) {
  const texts = JSON.parse(document.getElementById("autosave-texts").textContent);
  const clock = (moment) => moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const say = (text, values = {}) => text.replace(/%\((\w+)\)s/g, (_, key) => values[key]);
  const sections = [...form.querySelectorAll("[data-autosave-section]")].map((box) => ({ box, dirty: false, timer: 0 }));
  const waiting = [];
  let busy = false;
  let running = Promise.resolve();

  const fieldsOf = (box) => [...box.querySelectorAll("input[name], textarea[name], select[name]")].filter(
    (field) => !["file", "hidden", "submit", "button", "password"].includes(field.type) && !field.disabled && !("notSaved" in field.dataset),
  );
  const besides = (box) => [...box.querySelectorAll('input[type="hidden"][data-sent]')];
  const place = (box) => `koine.draft:${form.dataset.autosaveUrl}:${box.dataset.autosaveSection}`;
  const button = (text, act, quiet = true) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `button button--small${quiet ? " button--quiet" : ""}`;
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  };

  // Whether a field still holds what the server wrote into the page.
  function untouched(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
    if (field.options) {
      const meant = [...field.options].filter((option) => option.defaultSelected);
      if (meant.length === 0 && !field.multiple) meant.push(field.options[0]);
      return [...field.options].every((option) => option.selected === meant.includes(option));
    }
    return field.value === field.defaultValue;
  }

  // --- values of a section, as one plain object --------------------------------------------------------------------
  function read(box) {
    const values = {};
    for (const field of [...besides(box), ...fieldsOf(box)]) {
      if ((field.type === "checkbox" || field.type === "radio") && !field.checked) continue;
      const chosen = field.multiple ? [...field.selectedOptions].map((option) => option.value) : [field.value];
      values[field.name] = [...(values[field.name] || []), ...chosen];
    }
    return values;
  }

  function write(box, values) {
    for (const field of fieldsOf(box)) {
      if (!(field.name in values) && field.type !== "checkbox" && field.type !== "radio") continue;
      const wanted = [values[field.name] ?? []].flat().map(String);
      if (field.type === "checkbox" || field.type === "radio") field.checked = wanted.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = wanted.includes(option.value);
      else field.value = wanted[0] ?? "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  // The revision that the next save starts from, be it this script's or the button's.
  function stamp(box, revision) {
    box.dataset.revision = revision;
    const field = box.querySelector('input[type="hidden"][name="revision"]');
    if (field) field.value = revision;
  }

  // --- the copy on this device -----------------------------------------------------------------------------------------
  function keep(box) {
    try {
      localStorage.setItem(place(box), JSON.stringify({ at: Date.now(), revision: box.dataset.revision, values: read(box) }));
    } catch {
      // A full or forbidden store takes nothing away: the text still stands in the page.
    }
  }

  function forget(box) {
    try {
      localStorage.removeItem(place(box));
    } catch {
      // Nothing was kept where the store is forbidden.
    }
  }

  function kept(box) {
    try {
      return JSON.parse(localStorage.getItem(place(box)));
    } catch {
      return null;
    }
  }

  // --- what the reader is told -------------------------------------------------------------------------------------------
  function tell(section, state, text, acts = []) {
    const line = section.box.querySelector("[data-saved]");
    if (!line) return;
    line.dataset.state = state;
    const words = line.querySelector("[data-saved-text]");
    if (words.textContent !== text) words.textContent = text;
    section.acts?.remove();
    section.acts = null;
    if (acts.length) {
      section.acts = document.createElement("span");
      section.acts.className = "row-of";
      section.acts.append(...acts);
      line.after(section.acts);
    }
  }

  function fail(section, text, acts = []) {
    section.dirty = true;
    keep(section.box);
    tell(section, "failed", say(text, { time: clock(new Date()) }), acts);
  }

  function offer(section, title, pairs, acts) {
    section.box.querySelector(".conflict")?.remove();
    const panel = document.createElement("div");
    panel.className = "conflict";
    panel.setAttribute("role", "alert");
    const heading = document.createElement("p");
    heading.textContent = title;
    const columns = document.createElement("div");
    columns.className = "conflict__texts";
    for (const [label, text] of pairs) {
      const column = document.createElement("div");
      const name = document.createElement("b");
      name.textContent = label;
      const words = document.createElement("div");
      words.className = "conflict__text";
      words.dir = "auto";
      words.textContent = text;
      column.append(name, words);
      columns.append(column);
    }
    const row = document.createElement("div");
    row.className = "row-of";
    row.append(...acts(() => panel.remove()));
    panel.append(heading, columns, row);
    section.box.querySelector("[data-saved]")?.after(panel);
  }

  // Values as people read them: what is ticked or chosen by its label, and nothing that only the page needs.
  function shown(box, values) {
    const hidden = new Set(besides(box).map((field) => field.name));
    const words = (name, value) => {
      const field = fieldsOf(box).find((one) => one.name === name && (!["checkbox", "radio"].includes(one.type) || one.value === value));
      if (field?.type === "checkbox" || field?.type === "radio") return field.closest("label")?.textContent.trim() || value;
      return field?.options ? [...field.options].find((option) => option.value === value)?.textContent ?? value : value;
    };
    return Object.entries(values).filter(([name]) => !hidden.has(name)).flatMap(([name, texts]) => [texts].flat().filter(Boolean).map((text) => words(name, text))).join("\n\n");
  }

  // The server trims what it keeps: a copy that differs in spaces only was saved.
  const same = (one, other) => {
    const plain = (values) => JSON.stringify(values, (_key, value) => (typeof value === "string" ? value.replace(/\s+/g, " ").trim() : value));
    return plain(one) === plain(other);
  };

  const tooLong = (box) => fieldsOf(box).some((field) => field.value.length > LONGEST && [...field.value].length > LONGEST);

  function conflict(section, answer) {
    const mine = read(section.box);
    keep(section.box);
    tell(section, "failed", say(texts.failed, { time: clock(new Date()) }));
    section.halted = true;
    offer(
      section,
      say(texts.conflict, { name: answer.by || texts.somebody }),
      [[texts.mine, answer.texts?.mine ?? shown(section.box, mine)], [texts.theirs, answer.texts?.theirs ?? shown(section.box, answer.theirs)]],
      (close) => [
        button(texts.keepMine, () => {
          stamp(section.box, answer.revision);
          section.halted = false;
          close();
          queue(section);
        }, false),
        button(texts.keepTheirs, () => {
          if (answer.reload) {
            forget(section.box);
            section.halted = section.dirty = false;
            window.location.reload();
            return;
          }
          write(section.box, answer.theirs);
          clearTimeout(section.timer);
          stamp(section.box, answer.revision);
          section.halted = section.dirty = false;
          section.last = JSON.stringify(read(section.box));
          forget(section.box);
          close();
          tell(section, "saved", say(texts.saved, { time: clock(new Date()) }));
        }),
        // The page that the button would lead to asks the same of each part.
        button(texts.compare, () => form.requestSubmit()),
      ],
    );
  }

  // --- sending ---------------------------------------------------------------------------------------------------------------
  // After a new sign-in the token of this page is void: the page is fetched again, only for its token.
  async function renewToken() {
    const answer = await fetch(window.location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("form[data-autosave-url] input[name=csrfmiddlewaretoken]");
    if (token) form.elements.csrfmiddlewaretoken.value = token.value;
    return Boolean(token);
  }

  function expired(section) {
    const link = document.createElement("a");
    link.href = form.dataset.signInUrl || window.location.href;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = texts.signIn;
    section.halted = true;
    const again = button(texts.retry, async () => {
      section.halted = false;
      if (await renewToken().catch(() => false)) queue(section);
      else expired(section);
    });
    fail(section, texts.expired, [link, again]);
  }

  async function send(section) {
    const { box } = section;
    if (tooLong(box)) return fail(section, texts.tooLong);
    const sent = JSON.stringify(read(box));
    section.dirty = false;
    tell(section, "saving", texts.saving);
    const body = new URLSearchParams({ section: box.dataset.autosaveSection, revision: box.dataset.revision || "0" });
    for (const [key, values] of Object.entries(read(box))) for (const value of values) body.append(key, value);
    let answer;
    try {
      answer = await fetch(form.dataset.autosaveUrl, {
        method: "POST", body, credentials: "same-origin", redirect: "manual",
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
      });
    } catch {
      fail(section, navigator.onLine ? texts.server : texts.offline);
      section.timer = setTimeout(() => queue(section), RETRY);
      return;
    }
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return expired(section);
    const data = await answer.json().catch(() => null);
    if (answer.ok && data) {
      stamp(box, data.revision);
      section.last = sent;
      for (const note of box.querySelectorAll("[data-note]")) note.textContent = data.notes?.[note.dataset.note] ?? note.textContent;
      const at = data.saved_at ? new Date(data.saved_at) : new Date();
      if (section.dirty) tell(section, "unsaved", texts.unsaved);
      else {
        forget(box);
        tell(section, "saved", say(texts.saved, { time: clock(at) }));
        if (sections.every((one) => !one.dirty)) box.dispatchEvent(new CustomEvent("koine:saved", { bubbles: true }));
      }
    } else if (answer.status === 409 && data) conflict(section, data);
    else if (answer.status === 413) fail(section, texts.tooLong);
    else if (answer.status < 500 && data?.message) fail(section, say(texts.refused, { reason: data.message }));
    else {
      fail(section, texts.server);
      section.timer = setTimeout(() => queue(section), RETRY);
    }
  }

  async function drain() {
    busy = true;
    while (waiting.length) {
      const section = waiting.shift();
      if (!section.halted) await send(section);
    }
    busy = false;
  }

  function queue(section) {
    clearTimeout(section.timer);
    if (!waiting.includes(section)) waiting.push(section);
    if (!busy) running = drain();
  }

  // --- what sets it going ------------------------------------------------------------------------------------------------------
  for (const section of sections) {
    section.last = JSON.stringify(read(section.box));
    const changed = (event) => {
      if (!fieldsOf(section.box).includes(event.target)) return;
      // Browsers tell a field twice, as one types and as one leaves it.
      if (!section.dirty && JSON.stringify(read(section.box)) === section.last) return;
      section.dirty = true;
      keep(section.box);
      if (section.halted) return;
      tell(section, "unsaved", texts.unsaved);
      clearTimeout(section.timer);
      section.timer = setTimeout(() => queue(section), PAUSE);
    };
    section.box.addEventListener("input", changed);
    section.box.addEventListener("change", changed);
    section.box.addEventListener("focusout", () => section.dirty && !section.halted && queue(section));
    const copy = kept(section.box);
    if (copy && !same(copy.values, read(section.box))) {
      offer(section, say(texts.kept, { time: clock(new Date(copy.at)) }), [[texts.mine, shown(section.box, copy.values)]], (close) => [
        button(texts.restore, () => {
          close();
          write(section.box, copy.values);
        }, false),
        button(texts.discard, () => {
          close();
          forget(section.box);
        }),
      ]);
    }
    if (!fieldsOf(section.box).every(untouched)) {
      // Typed before this script ran, or put back by the browser as the page was loaded again.
      section.dirty = true;
      tell(section, "unsaved", texts.unsaved);
      section.timer = setTimeout(() => queue(section), PAUSE);
    } else if (copy && !section.box.querySelector(".conflict")) forget(section.box);
  }
  window.addEventListener("online", () => sections.filter((section) => section.dirty && !section.halted).forEach(queue));
  window.addEventListener("beforeunload", (event) => {
    if (sections.some((section) => section.dirty)) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    // Sent now, the words would be answered by the browser's own page, or refused as too much: they stay here instead.
    const long = sections.filter((section) => tooLong(section.box));
    if (long.length || !navigator.onLine) {
      event.preventDefault();
      for (const section of long.length ? long : sections) fail(section, long.length ? texts.tooLong : texts.offline);
      return;
    }
    for (const section of sections) clearTimeout(section.timer);
    waiting.length = 0;
    if (busy) {
      // The save under way raises the revision: sent beside it, the same words would look like somebody else's.
      event.preventDefault();
      const pressed = event.submitter;
      running.then(() => form.requestSubmit(pressed));
      return;
    }
    for (const section of sections) section.dirty = false;
  });
}
