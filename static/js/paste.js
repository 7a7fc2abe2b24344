// What is pasted from a word processor or a page becomes text with its paragraphs, lists and addresses: network/markup.py in
// the browser, sign for sign; tests/frame/clipboard/ holds what both are tried with. Forms that save themselves use it, and
// only where the plain text of the clipboard would lose something.

const NAMES_OF_BLOCKS =
  "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul";
const NAMES_INLINE =
  "a abbr acronym area audio b base basefont bdi bdo big button canvas cite code col colgroup data datalist del dfn em embed font frame frameset head i iframe img input ins kbd label link map mark meta meter noframes noscript object optgroup option output param picture progress q rp rt ruby s samp script select slot small source span strike strong style sub sup svg template textarea time title track tt u var video wbr xml";
const BLOCKS = new Set(NAMES_OF_BLOCKS.split(" "));
const NAMES = new Set([...BLOCKS, ...NAMES_INLINE.split(" ")]);
const DROPPED = new Set(["del", "iframe", "noframes", "object", "script", "style", "svg", "template", "title", "xml"]);
const APART = new Set(["blockquote", "dl", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "p", "pre", "table"]);
const LISTS = new Set(["ul", "ol", "menu", "dir"]);
const DEEPEST = 6;
const LONGEST_ADDRESS = 2000;
// Text above this is put in at once, without a way to undo it: typed in by the browser it would take minutes.
const LONG = 20000;
// What the plain text of a clipboard tells less well.
const WORTH_READING = /<(?:p|li|h[1-6]|table|a|sup|sub|del|dt)[\s>]/i;
const PLAIN_TAG = /<(\/?)([a-z][a-z0-9]*(?:[:-][\w:-]*)?)((?:[\s/][^<>"']*)?)>/iy;
const TAG = /<(\/?)([a-z][a-z0-9]*(?:[:-][\w:-]*)?)(?=[\s/>])/iy;
const DECLARATION = /<[!?][a-z[/]/iy;
const STOP = /["'>]/g;
const BIDI = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;
const EMPTY_LINE = /\n[ \t\r]*\n[ \t\r\n]*/;
const ADDRESS = /^(?:https?:\/\/|mailto:)[^\s<>]+$/i;
const BEFORE_NAME = /^(?:https?:\/\/|mailto:)(?:www\.)?/i;
const LEVEL = /mso-list:[^;"']*?\blevel(\d)/i;
const IGNORED = /mso-list:\s*ignore/i;
const START = /\bstart\s*=\s*["']?(\d{1,4})\b/i;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";
const FIGURES = /^[0-9+-]+$/;
const VALUE = {
  href: /(?:^|[\s"'])href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i,
  alt: /(?:^|[\s"'])alt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i,
};

const named = new Map();
function entity(whole, body) {
  if (body[0] === "#") {
    const point = /^#x/i.test(body) ? parseInt(body.slice(2), 16) : parseInt(body.slice(1), 10);
    if (!point) return "";
    return point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? "\ufffd" : String.fromCodePoint(point);
  }
  if (!named.has(whole)) {
    const field = document.createElement("textarea");
    field.innerHTML = whole;
    named.set(whole, field.value);
  }
  return named.get(whole);
}
const unescape = (text) => text.replace(/&(#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});/gi, entity);
const bare = (text) => text.replace(BIDI, "").replace(CONTROLS, "");
const trim = (text, characters) => text.replace(new RegExp(`^[${characters}]+`), "");
const isWord = (text) => /[\p{L}\p{N}]/u.test(text);
const value = (name, attributes) => {
  const found = VALUE[name].exec(attributes);
  return found ? (found[1] ?? found[2] ?? found[3] ?? "") : "";
};

class Reading {
  constructor(markup) {
    this.markup = bare(markup).replace(/\r\n?/g, "\n");
    this.out = [];
    this.need = 0;
    this.fresh = this.afterList = this.wasItem = this.simple = false;
    this.lists = [];
    this.level = 1;
    this.bullet = null;
    this.bulletDepth = this.kept = this.raised = this.lowered = this.cells = this.cellNeed = 0;
    this.link = this.at = null;
    this.absent = new Set();
  }

  text() {
    const { markup } = this;
    let begun = 0;
    let sign = markup.indexOf("<");
    while (sign >= 0) {
      const end = this.endOfSign(sign);
      if (end < 0) {
        sign = markup.indexOf("<", sign + 1);
        continue;
      }
      this.words(markup.slice(begun, sign));
      begun = this.at ? this.tag(...this.at, end) : end;
      sign = markup.indexOf("<", begun);
    }
    this.words(markup.slice(begun));
    this.closeLink();
    return this.out.join("").trim();
  }

  matched(pattern, place) {
    pattern.lastIndex = place;
    return pattern.exec(this.markup);
  }

  endOfSign(place) {
    this.at = null;
    if (this.markup.startsWith("<!--", place)) {
      const end = this.find("-->", place + 4);
      return end < 0 ? end : end + 3;
    }
    if (this.matched(DECLARATION, place)) return this.find(">", place) + 1 || -1;
    const plain = this.matched(PLAIN_TAG, place);
    const found = plain || this.matched(TAG, place);
    if (!found) return -1;
    const name = found[2].toLowerCase();
    if (!NAMES.has(name) && !/[:-]/.test(name)) return -1;
    const inside = place + 1 + found[1].length + found[2].length;
    const end = plain ? place + found[0].length - 1 : this.endOfTag(inside);
    this.at = [name, found[1] === "/", this.markup.slice(inside, end)];
    return end + 1 || -1;
  }

  find(what, place) {
    if (this.absent.has(what)) return -1;
    let end;
    if (what.startsWith("</")) {
      const pattern = new RegExp(`${what}(?=[\\s/>])`, "gi");
      pattern.lastIndex = place;
      end = pattern.exec(this.markup)?.index ?? -1;
    } else end = this.markup.indexOf(what, place);
    if (end < 0) this.absent.add(what);
    return end;
  }

  endOfTag(start) {
    let place = start;
    while (!this.simple) {
      const stop = this.matched(STOP, place);
      if (!stop) this.simple = true;
      else if (stop[0] === ">") return stop.index;
      else if (this.markup.slice(Math.max(start, stop.index - 20), stop.index).trimEnd().endsWith("=")) {
        place = this.markup.indexOf(stop[0], stop.index + 1) + 1;
        this.simple = place === 0;
      } else place = stop.index + 1;
    }
    return this.find(">", start);
  }

  words(raw) {
    if (!raw) return;
    const data = bare(unescape(raw));
    if (this.bullet) this.bullet.push(data);
    else if (this.kept) this.write(data);
    else {
      data.split(EMPTY_LINE).forEach((piece, number) => {
        if (number) this.owe(2);
        this.flow(piece.replace(/[ \t\r\n\f]+/g, " "));
      });
    }
  }

  flow(text) {
    let piece = text;
    const atStart = this.need > 0 || this.fresh || !this.out.length;
    if (atStart && !/[^ \xa0]/.test(piece)) return;
    if (atStart) piece = trim(piece, " \xa0");
    else if (/[ \n]$/.test(this.out.at(-1))) piece = trim(piece, " ");
    this.write(piece);
  }

  write(text) {
    if (!text) return;
    let piece = text;
    if ((this.raised || this.lowered) && FIGURES.test(piece.trim())) {
      const signs = this.raised ? RAISED : LOWERED;
      piece = piece.replace(/[0-9]/g, (figure) => signs[figure]).replace(/\+/g, this.raised ? "⁺" : "₊").replace(/-/g, this.raised ? "⁻" : "₋");
    }
    if (this.need && this.out.length) {
      this.trimLast(/[ \xa0]+$/);
      this.out.push("\n".repeat(this.need));
    }
    this.need = this.cellNeed = 0;
    this.fresh = this.afterList = false;
    this.out.push(piece);
  }

  trimLast(spaces = / +$/) {
    this.out.push(this.out.pop().replace(spaces, ""));
  }

  owe(breaks) {
    if (!this.fresh) this.need = Math.max(this.need, breaks);
  }

  tag(name, closes, attributes, place) {
    if (DROPPED.has(name) && !closes && !attributes.endsWith("/")) {
      const end = this.find(`</${name}`, place);
      return end < 0 ? place : end;
    }
    if (name === "a") {
      this.closeLink();
      if (!closes) this.openLink(attributes);
    } else if (name === "sup" || name === "sub") {
      const kind = name === "sup" ? "raised" : "lowered";
      this[kind] = Math.max(0, this[kind] + (closes ? -1 : 1));
    } else if (name === "span") this.span(closes, attributes);
    else if (name === "img" && !closes) this.picture(attributes);
    else if (name === "br") {
      if (!this.fresh) this.need = Math.min(2, this.need + 1);
    } else if (LISTS.has(name)) this.list(name, closes, attributes);
    else if (name === "li") this.item(closes);
    else if (name === "td" || name === "th" || name === "tr") this.cell(name, closes);
    else if (BLOCKS.has(name)) this.block(name, closes, attributes);
    return place;
  }

  block(name, closes, attributes) {
    if (name === "pre") this.kept = Math.max(0, this.kept + (closes ? -1 : 1));
    if (this.bullet) this.endBullet();
    if (this.lists.length || !APART.has(name)) {
      this.owe(1);
      return;
    }
    if (closes) {
      this.fresh = false;
      this.owe(2);
      return;
    }
    const level = LEVEL.exec(attributes);
    if (level && this.wasItem) this.need = 1;
    else this.owe(2);
    this.wasItem = Boolean(level);
    this.level = level ? Math.min(DEEPEST, Math.max(1, Number(level[1]))) : 1;
  }

  span(closes, attributes) {
    if (!this.bullet) {
      if (!closes && IGNORED.test(attributes)) {
        this.bullet = [];
        this.bulletDepth = 1;
      }
      return;
    }
    this.bulletDepth += closes ? -1 : 1;
    if (!this.bulletDepth) this.endBullet();
  }

  endBullet() {
    const bullet = this.bullet.join("").replace(/[ \t\r\n\f]+/g, " ").replace(/^[ \xa0]+|[ \xa0]+$/g, "");
    const numbered = isWord(bullet) && (bullet.length > 1 || /^\p{Nd}$/u.test(bullet));
    this.bullet = null;
    this.write(`${"  ".repeat(this.level - 1)}${numbered ? bullet.slice(0, 20) : "-"} `);
    this.fresh = true;
  }

  list(name, closes, attributes) {
    if (closes) {
      this.fresh = false;
      this.lists.pop();
      this.need = Math.max(this.need, this.lists.length ? 1 : 2);
      this.afterList = !this.lists.length;
      return;
    }
    this.dropBullet();
    this.need = this.lists.length || (this.afterList && this.out.length) ? 1 : Math.max(this.need, 2);
    const start = START.exec(attributes);
    this.lists.push({ name, number: start ? Number(start[1]) - 1 : 0 });
  }

  item(closes) {
    if (closes) {
      this.fresh = false;
      this.need = Math.max(this.need, 1);
      return;
    }
    this.dropBullet();
    if (this.out.length) this.need = Math.max(1, this.need);
    const list = this.lists.at(-1);
    let bullet = "- ";
    if (list?.name === "ol") {
      list.number += 1;
      bullet = `${list.number}. `;
    }
    this.write("  ".repeat(Math.min(DEEPEST, this.lists.length || 1) - 1) + bullet);
    this.fresh = true;
  }

  dropBullet() {
    if (this.fresh && this.lists.length) {
      this.out.pop();
      if (this.out.length && /^\n+$/.test(this.out.at(-1))) this.need = this.out.pop().length;
    }
    this.fresh = false;
  }

  cell(name, closes) {
    if (name === "tr") {
      this.fresh = false;
      this.owe(1);
      this.cells = 0;
    } else if (closes) {
      this.fresh = false;
      this.need = this.cellNeed;
    } else {
      this.cells += 1;
      if (this.cells > 1) {
        if (this.out.length) this.trimLast();
        this.write(this.need || !this.out.length ? "| " : " | ");
      }
      this.cellNeed = this.need;
      this.fresh = true;
    }
  }

  openLink(attributes) {
    const href = unescape(value("href", attributes)).trim();
    if (href.length <= LONGEST_ADDRESS && ADDRESS.test(href)) this.link = [href, this.out.length];
  }

  closeLink() {
    if (!this.link) return;
    const [href, place] = this.link;
    this.link = null;
    const plain = (text) => text.replace(BEFORE_NAME, "").replace(/\/+$/, "").toLowerCase();
    const words = this.out.slice(place).join("").trim();
    if (!words || plain(words) === plain(href)) return;
    const { need } = this;
    this.need = 0;
    this.trimLast();
    this.write(` (${/^mailto:/i.test(href) ? href.replace(BEFORE_NAME, "") : href})`);
    this.need = need;
  }

  picture(attributes) {
    const said = unescape(value("alt", attributes));
    if (said && [...said].length <= 8 && !isWord(said) && !/\s/.test(said)) this.write(said);
  }
}

const plainText = (markup) => new Reading(markup).text();

function put(field, text) {
  field.focus();
  // What is typed in this way can be undone.
  if (text.length <= LONG && document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// A browser takes minutes to lay out more than this, and the page can't be used meanwhile. Ten times what is kept of a text
// (js/autosave.js), so that somebody can still paste more than fits and shorten it here.
const MOST = 1000000;

function refuse(field) {
  const texts = JSON.parse(document.getElementById("autosave-texts").textContent);
  const line = document.createElement("p");
  line.className = "field__error";
  line.setAttribute("role", "alert");
  line.textContent = texts.pastedTooLong;
  field.before(line);
  field.addEventListener("input", () => line.remove(), { once: true });
  field.addEventListener("paste", () => line.remove(), { once: true });
}

document.addEventListener("paste", (event) => {
  const field = event.target;
  const many = field instanceof HTMLTextAreaElement;
  if (!field.form?.matches("form[data-autosave-url]") || !(many || field.type === "text") || field.readOnly) return;
  const markup = event.clipboardData?.getData("text/html") ?? "";
  const text = WORTH_READING.test(markup) ? plainText(markup) : "";
  if ((text || event.clipboardData.getData("text/plain")).length > MOST) {
    event.preventDefault();
    refuse(field);
    return;
  }
  if (!text) return;
  event.preventDefault();
  put(field, many ? text : text.replace(/\s*\n\s*/g, " "));
});
