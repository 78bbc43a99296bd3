// A guide being written: what must still be changed is told while one writes.
// Without this file the button "看看还要改什么" does the same.

const PAUSE = 600;
const form = document.querySelector("form[data-check]");
const place = document.getElementById("gates");
const count = form && form.querySelector("[data-count]");
let timer;
let request;

async function look() {
  if (request) request.abort();
  request = new AbortController();
  const data = new FormData(form);
  // A chosen file counts as there; it is sent when the page is.
  for (const [name, value] of [...data]) {
    if (value instanceof File && value.name) data.set(name, new Blob(["-"]), value.name);
  }
  try {
    const answer = await fetch(form.dataset.check, {
      method: "POST",
      body: data,
      signal: request.signal,
      credentials: "same-origin",
    });
    if (!answer.ok || answer.redirected) return;
    place.innerHTML = await answer.text();
    tell();
  } catch (error) {
    if (error.name !== "AbortError") return;
  }
}

function tell() {
  const wrong = place.querySelectorAll(".alarm li").length;
  const text = wrong ? `${count.dataset.count} ${wrong}` : "";
  if (count.textContent === text) return;
  const link = document.createElement("a");
  link.href = "#gates";
  link.textContent = text;
  count.replaceChildren(...(text ? [link] : []));
}

function later(event) {
  if (event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
}

if (form) {
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("compositionend", later);
  tell();
}
