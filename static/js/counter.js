// Counts words and characters as network.text.count_words and count_characters do.

// What Python's str.split() takes for space; JavaScript's \s differs in five places.
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const COUNTS = /[\p{L}\p{N}]/u;
const tongue = document.documentElement.lang || "en";
const figure = new Intl.NumberFormat(tongue, { numberingSystem: "latn" });
const SEEN = /[^\p{Mn}\p{Me}\p{Mc}\p{Cf}]/gu;

const words = (text) => text.split(SPACE).filter((run) => COUNTS.test(run)).length;
const characters = (text) => (text.replace(/\r\n/g, "\n").normalize("NFC").match(SEEN) ?? []).length;

function count(counter) {
  const field = document.getElementById(counter.dataset.for);
  if (!field) return;
  const max = Number(counter.dataset.max);
  const now = counter.dataset.counter === "words" ? words(field.value) : characters(field.value);
  const over = now > max;
  const template = over ? counter.dataset.over : counter.dataset.text;
  counter.dataset.state = over ? "over" : "within";
  counter.textContent = template
    .replace("{count}", figure.format(now))
    .replace("{max}", figure.format(max))
    .replace("{over}", figure.format(now - max));
}

const all = (root) => root.querySelectorAll("[data-counter]");
all(document).forEach(count);
document.addEventListener("input", (event) => {
  if (event.target.id) document.querySelectorAll(`[data-counter][data-for="${CSS.escape(event.target.id)}"]`).forEach(count);
});
document.addEventListener("htmx:afterSwap", (event) => all(event.target).forEach(count));
