// Says that this page is open, and shows who else has it open: <p data-presence-url="…"><span data-presence-text>.
// The page says it once by itself as it is loaded; without this script it is simply not kept up to date.

const line = document.querySelector("[data-presence-url]");
const EVERY = 20000;

if (line) {
  const words = line.querySelector("[data-presence-text]");
  const show = (text) => {
    if (words.textContent !== text) words.textContent = text;
    line.hidden = !text;
  };

  async function beat() {
    // Nobody writes in a page that is not looked at.
    if (document.hidden) return;
    try {
      const answer = await fetch(line.dataset.presenceUrl, {
        method: "POST", credentials: "same-origin", redirect: "manual",
        headers: { "X-CSRFToken": document.querySelector("input[name=csrfmiddlewaretoken]").value, Accept: "application/json" },
      });
      show(answer.ok ? (await answer.json()).text : "");
    } catch {
      // Without a line nothing is known about others.
      show("");
    }
  }

  setInterval(beat, EVERY);
  document.addEventListener("visibilitychange", beat);
}
