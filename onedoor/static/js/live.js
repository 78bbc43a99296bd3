// A page that is looked at while something happens: asks whether anything is new, and takes the
// new part in. Without this file the link "刷新" does the same.

const place = document.querySelector("[data-live]");
const said = document.getElementById("live-said");
const stale = document.getElementById("live-stale");
const EVERY = 3000;
let tag = place ? `"${place.dataset.version}"` : "";

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(place.dataset.live, { headers: { "If-None-Match": tag } });
    stale.hidden = true;
    if (answer.status !== 200 || answer.headers.get("ETag") === tag) return;
    const page = await (await fetch(location.href)).text();
    const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-live]");
    if (!fresh) return;
    tag = `"${fresh.dataset.version}"`;
    place.replaceChildren(...fresh.childNodes);
    const told = place.querySelector("[data-state]").textContent;
    if (said.textContent !== told) said.textContent = told; // read aloud only when it moves on
  } catch {
    stale.hidden = false;
  }
}

if (place) setInterval(look, EVERY);
