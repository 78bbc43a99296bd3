// A part marked data-poll is asked for again every few seconds, and shown when it has changed.
// Without this file the page is as it was loaded, and has a link that loads it again.

for (const part of document.querySelectorAll("[data-poll]")) {
  const every = Number(part.dataset.every) * 1000;
  const ask = async () => {
    try {
      const answer = await fetch(part.dataset.poll, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const text = await answer.text();
      // Nothing is replaced under somebody's hands.
      if (part.dataset.shown !== text && !part.contains(document.activeElement)) {
        part.innerHTML = text;
        part.dataset.shown = text;
      }
      const title = part.querySelector("[data-title]");
      if (title) document.title = title.dataset.title;
    } catch {
      // The network is away: what is shown stays, with the time it is from.
    }
  };
  setInterval(ask, every);
}
