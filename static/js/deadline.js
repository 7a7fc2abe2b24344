// Counts a deadline down and tells it on the reader's own clock. The server's clock is the truth: the page says what it was
// (data-now) and, because pages are cached, the hour is asked again where it matters, in the last 72 hours.

const language = document.documentElement.lang || "en";
const HOUR = 3600e3;
const SOON = 72 * HOUR;
const opened = Date.now();
const boxes = () => [...document.querySelectorAll("[data-deadline]")];
const fill = (template, values) => template.replace(/%\((\w+)\)s/g, (_, key) => values[key]);
const unit = (amount, name) =>
  new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long", numberingSystem: "latn" }).format(amount);

function left(milliseconds, box) {
  const minutes = Math.floor(milliseconds / 60e3);
  if (minutes < 1) return box.dataset.moments;
  let amount = unit(minutes, "minute");
  if (milliseconds >= SOON) amount = unit(Math.floor(milliseconds / (24 * HOUR)), "day");
  else if (minutes >= 60) amount = unit(Math.floor(minutes / 60), "hour");
  return fill(box.dataset.left, { amount });
}

function yours(box) {
  const place = box.querySelector("[data-fill]");
  const shown = /T(\d\d:\d\d)/.exec(box.dataset.deadline);
  if (!place || !shown) return;
  const moment = new Date(box.dataset.deadline);
  // HH:MM in every language, as the server writes it.
  const hour = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const there = box.querySelector("time").textContent;
  if (there.includes(hour)) return;
  const day = moment.toLocaleDateString(language === "en" ? "en-GB" : language, {
    weekday: "short", day: "numeric", month: "short", year: "numeric", numberingSystem: "latn", calendar: "gregory",
  });
  const sameDay = new Intl.DateTimeFormat("en", { day: "numeric", numberingSystem: "latn" }).format(moment);
  const word = document.createElement("bdi");
  const near = new RegExp(`(^|\\D)${sameDay}(\\D|$)`).test(there.split(/\d\d:\d\d/)[0]);
  word.textContent = fill(near ? box.dataset.yours : box.dataset.yoursDay, { hour, day });
  place.replaceChildren("(", word, ")");
  place.hidden = false;
}

let offset = 0;
function tick() {
  for (const box of boxes()) {
    const remaining = new Date(box.dataset.deadline) - (Date.now() + offset);
    const word = box.querySelector("[data-countdown]");
    if (!word) continue;
    box.classList.toggle("deadline--open", remaining >= SOON);
    box.classList.toggle("deadline--soon", remaining > 0 && remaining < SOON);
    box.classList.toggle("deadline--closed", remaining <= 0);
    const text = remaining > 0 ? left(remaining, box) : box.dataset.closed;
    if (word.textContent !== text) word.textContent = text;
  }
}

async function askTheServer() {
  try {
    const sent = Date.now();
    const answer = await fetch("/healthz", { method: "HEAD", cache: "no-store" });
    const told = Date.parse(answer.headers.get("Date") || "");
    if (!Number.isNaN(told)) offset = told + 500 - (sent + Date.now()) / 2;
  } catch {
    // Without an answer the page's own hour goes on counting.
  }
  tick();
}

const first = boxes().find((box) => box.dataset.now);
if (first) {
  offset = new Date(first.dataset.now) - opened;
  boxes().forEach(yours);
  tick();
  setInterval(tick, 20e3);
  if (boxes().some((box) => new Date(box.dataset.deadline) - Date.now() - offset < SOON + HOUR)) askTheServer();
}
