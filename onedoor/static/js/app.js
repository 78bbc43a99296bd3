// The public's pages as an app: the last guides can be read without a network, and pages can be
// read aloud where the device has a Chinese voice. Nothing here is needed to get anything done.

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js");

// The page shown without a network lists the guides that are kept.
async function listKept(list) {
  const cache = await caches.open("guides");
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    const page = new DOMParser().parseFromString(await kept.text(), "text/html");
    const link = document.createElement("a");
    link.href = request.url;
    link.textContent = page.querySelector("h1").textContent;
    const row = document.createElement("li");
    row.append(link);
    list.append(row);
  }
}

const list = document.getElementById("kept-guides");
if (list && "caches" in window) listKept(list);

// Read aloud: the heading and the words of the page, in pieces a voice can hold.
const button = document.querySelector("[data-speak]");
const speech = window.speechSynthesis;

function voice() {
  const language = document.documentElement.lang.slice(0, 2);
  return speech.getVoices().find((each) => each.lang.toLowerCase().startsWith(language));
}

function offer() {
  button.hidden = !voice();
}

function stop() {
  speech.cancel();
  button.setAttribute("aria-pressed", "false");
}

function read() {
  const words = document.getElementById("main").innerText.match(/[^。！？；\n]+[。！？；\n]?/g) || [];
  const pieces = words.map((each) => each.trim()).filter(Boolean);
  button.setAttribute("aria-pressed", "true");
  pieces.forEach((piece, place) => {
    const said = new SpeechSynthesisUtterance(piece);
    said.voice = voice();
    said.lang = said.voice.lang;
    said.rate = 0.9;
    if (place === pieces.length - 1) said.onend = stop;
    speech.speak(said);
  });
}

if (button && speech) {
  offer();
  speech.addEventListener?.("voiceschanged", offer);
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") stop();
    else read();
  });
  window.addEventListener("pagehide", stop);
}
