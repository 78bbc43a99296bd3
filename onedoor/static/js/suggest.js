// Items while one types, at the window. Without this file the form is sent as always.

const PAUSE = 150;
const field = document.querySelector("input[data-suggest]");
const list = field && document.getElementById(field.dataset.suggestInto);
const usual = list && list.innerHTML;
let timer;
let request;

async function suggest() {
  const text = field.value.trim();
  if (request) request.abort();
  if (!text) {
    list.innerHTML = usual;
    return;
  }
  request = new AbortController();
  const address = `${field.dataset.suggest}?q=${encodeURIComponent(text)}`;
  try {
    const answer = await fetch(address, { signal: request.signal, credentials: "same-origin" });
    // Signed out, or the server is busy: what is listed stays, and the button still works.
    if (answer.ok && !answer.redirected) list.innerHTML = await answer.text();
  } catch (error) {
    if (error.name !== "AbortError") return;
  }
}

function later(event) {
  // Letters on their way to becoming Chinese are not a question yet.
  if (event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(suggest, PAUSE);
}

if (list) {
  field.addEventListener("input", later);
  field.addEventListener("compositionend", later);
  field.addEventListener("keydown", (event) => {
    const first = event.key === "ArrowDown" && !event.isComposing && list.querySelector("a");
    if (!first) return;
    event.preventDefault();
    first.focus();
  });
}
