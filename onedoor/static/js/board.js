// The board of a zone: asks once a second, shows what is new, says when it has heard nothing.
// It calls aloud, as voice.js can. Numbers only. What is on the board is never older than it says.

import { Voice } from "./voice.js";

const board = document.querySelector("[data-board]");
// The hall's own time, whatever zone the screen's machine is set to.
const clock = (at, style) =>
  new Date(at).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false, ...style });
const said = (name) => board.querySelector(`[data-board-part="${name}"]`);
let sequence = Number(board.dataset.sequence);
let staleAfter = Number(board.dataset.stale);
let heard = Date.now();
let wait = 1000;

const sound = said("sound");
const voice = new Voice((level) => {
  sound.textContent = sound.dataset[level];
  said("open").hidden = level !== "off";
});
said("open").addEventListener("click", () => voice.open());

// What was called before the board was opened is not called again.
let spoken = null;
function speak(called) {
  const named = called.map((call) => [`${call.number} ${call.window} ${call.calls}`, call]);
  if (spoken)
    for (const [name, call] of named.reverse()) if (!spoken.has(name)) voice.call(call);
  spoken = new Set(named.map(([name]) => name));
}

function row(cells) {
  const item = document.createElement("li");
  for (const [name, text] of cells) {
    const cell = document.createElement("span");
    cell.className = name;
    cell.textContent = text;
    item.append(cell);
  }
  return item;
}

function show(state) {
  // An answer that was on its way longer than a later one is not shown.
  if (state.sequence < sequence) return;
  sequence = state.sequence;
  const word = board.dataset.window;
  said("called").replaceChildren(
    ...state.called.map((call) =>
      row([["number", call.number], ["to", word.replace("0", call.window)]]),
    ),
  );
  voice.mute(state.muted);
  speak(state.called);
  said("missed").textContent = state.missed.join("  ");
  said("missed-line").hidden = !state.missed.length;
  said("paused").replaceChildren(...state.paused.map((each) => row([["why", each]])));
  said("message").textContent = state.message;
  said("message").hidden = !state.message;
  said("rows").replaceChildren(
    ...state.rows.map((each) =>
      row([["letter", each.letter], ["name", each.name], ["count", String(each.waiting)]]),
    ),
  );
}

async function ask() {
  try {
    const answer = await fetch(board.dataset.state, { cache: "no-cache", credentials: "omit" });
    if (answer.ok) {
      const state = await answer.json();
      heard = Date.now();
      wait = state.next_ms;
      staleAfter = state.stale_ms;
      show(state);
    }
  } catch {
    // Said below, once it has lasted.
  }
  const stale = Date.now() - heard > staleAfter;
  said("stale").hidden = !stale;
  said("since").textContent = clock(heard, {});
  said("clock").textContent = clock(Date.now(), { hour: "2-digit", minute: "2-digit" });
  setTimeout(ask, wait);
}

ask();
