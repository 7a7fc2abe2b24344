// What makes every page a little easier. Nothing here is needed to use it.

// --- drop-downs of the header: Escape and a press outside close them --------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.drop[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.drop[open]")) if (!open.contains(event.target)) open.open = false;
});

// --- the summary of errors gets the focus, also where `autofocus` came with htmx ----------------------------------------
const focusSummary = (root) => root.querySelector?.("[data-focus]")?.focus();
focusSummary(document);

// --- a form is sent once: a second press within ten seconds does nothing ------------------------------------------------
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const last = Number(form.dataset.sentAt || 0);
  if (Date.now() - last < 10000) event.preventDefault();
  else form.dataset.sentAt = String(Date.now());
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent-at]")) delete form.dataset.sentAt;
});

// --- leaving a form with unsaved words asks first: <form data-warn-unsaved> ---------------------------------------------
const changed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-warn-unsaved]");
  if (form) changed.add(form);
});
document.addEventListener("submit", (event) => changed.delete(event.target));
document.addEventListener("koine:saved", (event) => changed.delete(event.target.closest("form")));
window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});

// --- filters through htmx: close the panel, say how many there are ------------------------------------------------------
document.addEventListener("htmx:afterSwap", (event) => {
  focusSummary(event.target);
  const panel = document.querySelector(".filters[popover]");
  if (panel?.matches(":popover-open")) panel.hidePopover();
  const count = document.querySelector("[data-results-count]");
  const status = document.querySelector("[data-results-status]");
  if (count && status) status.textContent = count.textContent.trim();
});

// --- filters with counts: on a wide screen a tick asks at once; what was open stays open, and lists stay where they were ---
document.addEventListener("change", (event) => {
  const ticked = event.target.closest?.("form[data-filters] .facet input[type=checkbox]");
  if (ticked && window.matchMedia("(min-width: 900px)").matches) ticked.form.requestSubmit();
});
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const places = new Map();
  for (const facet of event.detail.target.querySelectorAll("details.facet")) {
    const fresh = event.detail.fragment.getElementById(facet.id);
    if (fresh) fresh.open = facet.open;
    const list = facet.querySelector(".choices");
    if (list?.scrollTop) places.set(list.id, list.scrollTop);
  }
  requestAnimationFrame(() => {
    for (const [id, place] of places) document.getElementById(id)?.scrollTo({ top: place });
  });
});

// --- the language switcher keeps filters that htmx has put into the address ------------------------------------------------
document.addEventListener("htmx:pushedIntoHistory", () => {
  for (const link of document.querySelectorAll(".languages a")) link.search = location.search;
});

// --- a menu opened on a phone does not stay above a page that has become wide -------------------------------------------
window.matchMedia("(min-width: 900px)").addEventListener("change", () => {
  for (const open of document.querySelectorAll("[popover]:popover-open")) open.hidePopover();
});

document.documentElement.dataset.enhanced = "1";

// --- buttons that print the page: they do nothing without scripts, so they are shown by one -------------------------------
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
