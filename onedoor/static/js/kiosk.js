// The kiosk. Its page is never left, so that it goes on while the server is away: numbers leased
// before are given from here, kept until the server has them, and told as soon as it is back.
// Nothing about anybody is kept on the machine.

const main = document.querySelector("[data-kiosk]");
const told = main.dataset;
const part = (name) => main.querySelector(`[data-part="${name}"]`);
const line = (name) => main.querySelector(`[data-slip="${name}"]`);
const KEPT = `onedoor-kiosk-${told.kiosk}`;
const SYNC_EVERY = 10000;
const PATIENCE = 6000;
const IDLE = 45000;
const WARNING = 15000;
const SHOWN = { paper: 6000, none: 25000 };
const query = location.search;

// What a kiosk must not forget: numbers it may give, and those it gave that nobody knows of yet.
const kept = { day: "", blocks: [], issued: [], ...JSON.parse(localStorage.getItem(KEPT) || "{}") };
function keep() {
  localStorage.setItem(KEPT, JSON.stringify(kept));
  told.waiting = kept.issued.length; // how many the server does not know of yet
}

let who = "";
let isAway = false;
let hasPaper = true;
let ahead = 0; // how far the server's clock is ahead of this machine's
let screen = "start";
let timer = 0;
let isBusy = false;

function cookie(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : "";
}

class Refused extends Error {}

// Ask the server; a refusal is told, anything else means that the server is away.
async function ask(address, body) {
  const isForm = body instanceof URLSearchParams;
  const answer = await fetch(address + query, {
    method: "POST",
    body: isForm ? body : JSON.stringify(body),
    headers: {
      "X-CSRFToken": cookie("csrftoken"),
      "Content-Type": isForm ? "application/x-www-form-urlencoded" : "application/json",
    },
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.status >= 500) throw new Error(String(answer.status));
  const found = await answer.json();
  if (!answer.ok) throw new Refused(found.detail);
  return found;
}

// --- Screens ---------------------------------------------------------------------------------

function show(name) {
  screen = name;
  for (const each of main.querySelectorAll("[data-screen]"))
    each.hidden = each.dataset.screen !== name;
  main.querySelector(`[data-screen="${name}"] h1`).focus();
  touched();
}

function start() {
  who = "";
  typed("");
  part("mine").replaceChildren();
  show("start");
}

function typed(text) {
  part("typed").textContent = text;
}

// Whoever walks away leaves nothing; typing counts as being there.
function touched() {
  clearTimeout(timer);
  if (screen === "start" || screen === "done") return;
  const before = screen;
  timer = setTimeout(() => {
    show("still");
    clearTimeout(timer);
    timer = setTimeout(start, WARNING);
    main.querySelector("[data-stay]").onclick = () => show(before);
  }, IDLE);
}

function fault(text) {
  part("fault").textContent = text;
  show("fault");
}

function rows(list) {
  for (const row of list) {
    const tile = part("rows").querySelector(`[data-letter="${row.letter}"]`);
    if (!tile) continue;
    tile.disabled = !row.is_open;
    const words = [told.ahead.replace("0", row.waiting)];
    if (row.least !== null) words.push(about(row));
    tile.querySelector("span").textContent = row.is_open ? words.join(" · ") : told.closed;
  }
}

const about = (row) => told.about.replace("1", row.least).replace(/2(?!.*2)/, row.most);

function tile(title, note, act) {
  const button = document.createElement("button");
  const name = document.createElement("b");
  name.textContent = title;
  const below = document.createElement("span");
  below.textContent = note;
  button.append(name, below);
  button.onclick = act;
  return button;
}

// --- What somebody does ----------------------------------------------------------------------

async function once(act) {
  if (isBusy) return;
  isBusy = true;
  try {
    await act();
  } catch (error) {
    if (error instanceof Refused) fault(error.message);
    else away(act);
  } finally {
    isBusy = false;
  }
}

function away() {
  setAway(true);
  if (screen === "start" || screen === "phone") pickOffline();
}

function pick(text) {
  who = text;
  if (isAway) return pickOffline();
  return once(async () => {
    const found = await ask(told.who, new URLSearchParams({ who }));
    rows(found.rows);
    part("mine").replaceChildren(
      ...found.bookings.map((each) =>
        tile(`${each.at} ${each.name}`, told.arrive, () => take({ booking: each.number })),
      ),
      ...found.tickets.map((each) =>
        tile(
          `${each.number} ${each.name}`,
          each.state === "skipped" ? told.back : told.again,
          () => take({ ticket: each.number }),
        ),
      ),
    );
    const isKnown = found.bookings.length + found.tickets.length > 0;
    if (who && !isKnown && screen === "phone") return fault(told.unknown);
    show("pick");
  });
}

function pickOffline() {
  part("mine").replaceChildren();
  for (const button of part("rows").querySelectorAll("[data-letter]")) {
    button.disabled = false;
    button.querySelector("span").textContent = "";
  }
  show("pick");
}

let key = "";

function take(asked) {
  if (isAway) return asked.group ? offline(asked.group) : fault(told.none);
  key = key || crypto.randomUUID().replaceAll("-", "");
  return once(async () => {
    try {
      const slip = await ask(told.take, new URLSearchParams({ ...asked, who, key }));
      key = "";
      print({ ...slip, isOffline: false });
    } catch (error) {
      if (error instanceof Refused) key = "";
      // Not known whether the server did it: the same key again, as soon as it answers. Somebody
      // who came for a business is not kept waiting for that.
      else if (asked.group) {
        key = "";
        setAway(true);
        return offline(asked.group);
      }
      throw error;
    }
  });
}

function today() {
  return new Date(Date.now() + ahead).toLocaleDateString("sv", { timeZone: "Asia/Shanghai" });
}

function offline(letter) {
  const block = kept.blocks.find((each) => each.letter === letter && each.next <= each.last);
  if (!block || kept.day !== today()) return fault(told.none);
  const number = `${letter}${block.next}`;
  const at = new Date(Date.now() + ahead);
  block.next += 1;
  kept.issued.push({ number, at: at.toISOString() });
  keep(); // before it is in anybody's hand
  const { name, place } = part("rows").querySelector(`[data-letter="${letter}"]`).dataset;
  const shown = at.toLocaleString("sv", { timeZone: "Asia/Shanghai" }).slice(0, 16);
  print({ number, name, place, way: "", at: shown, isOffline: true });
}

function print(slip) {
  line("off").hidden = !slip.isOffline;
  line("number").textContent = slip.number;
  line("name").textContent = slip.name;
  line("place").textContent = slip.way ? `${slip.place} · ${slip.way}` : slip.place;
  line("at").textContent = slip.at;
  line("ahead").textContent = slip.isOffline ? "" : told.ahead.replace("0", slip.ahead);
  line("wait").textContent = slip.isOffline || slip.least === null ? "" : about(slip);
  line("qr").hidden = !slip.qr;
  line("qr").src = slip.qr || "";
  const words = [slip.isOffline ? told.offline : "", hasPaper ? told.printed : told.paper];
  part("told").textContent = words.join(" ");
  show("done");
  if (hasPaper) line("qr").decode().catch(() => {}).then(() => window.print());
  timer = setTimeout(start, hasPaper ? SHOWN.paper : SHOWN.none);
}

// --- With the server -------------------------------------------------------------------------

function setAway(away) {
  isAway = away;
  const lost = kept.lost || [];
  part("band").hidden = !away && !lost.length;
  part("band").textContent = [away ? told.offline : "", ...lost].join(" ");
}

function left() {
  const count = {};
  for (const each of kept.blocks)
    count[each.letter] = (count[each.letter] || 0) + each.last - each.next + 1;
  return count;
}

async function sync() {
  const sent = kept.issued.slice(0, 1000);
  try {
    const asked = Date.now();
    const isFresh = kept.day === today();
    const found = await ask(told.sync, { issued: sent, left: isFresh ? left() : {} });
    ahead = Date.parse(found.now) - (asked + Date.now()) / 2;
    if (kept.day !== found.day) Object.assign(kept, { day: found.day, blocks: [], lost: [] });
    kept.blocks = kept.blocks.filter((each) => each.next <= each.last);
    kept.blocks.push(...found.blocks.map((each) => ({ ...each, next: each.first })));
    const done = new Set(found.merged.map((each) => each.number));
    kept.issued = kept.issued.filter((each) => !done.has(each.number));
    kept.lost = (kept.lost || []).concat(
      found.merged.filter((each) => each.fault).map((each) => `${each.number}: ${each.fault}`),
    );
    keep();
    hasPaper = found.has_paper;
    rows(found.rows);
    setAway(false);
  } catch (error) {
    setAway(true);
    if (error instanceof Refused) part("band").textContent = error.message;
  }
  setTimeout(sync, SYNC_EVERY);
}

// --- Fingers, and the card reader, which types -----------------------------------------------

main.addEventListener("click", (event) => {
  touched();
  const button = event.target.closest("button");
  if (!button) return;
  const { go, letter, key: pressed } = button.dataset;
  if (go === "pick") pick("");
  else if (go === "start") start();
  else if (go) show(go);
  else if (letter) take({ group: letter });
  else if (pressed === "back") typed(part("typed").textContent.slice(0, -1));
  else if (pressed === "enter") pick(part("typed").textContent);
  else if (pressed) typed((part("typed").textContent + pressed).slice(0, 11));
  else if ("low" in button.dataset)
    button.setAttribute("aria-pressed", document.body.classList.toggle("low"));
  else if ("askHelp" in button.dataset)
    once(async () => {
      await ask(told.help, new URLSearchParams());
      show("helped");
    });
});

let read = "";
let readAt = 0;
document.addEventListener("keydown", (event) => {
  touched();
  const isReader = event.timeStamp - readAt < 200;
  readAt = event.timeStamp;
  if (event.key === "Enter" && isReader && /^\d{17}[\dXx]$/.test(read)) {
    event.preventDefault();
    const card = read;
    read = "";
    pick(card);
  } else if (/^[\dXx]$/.test(event.key)) {
    read = (isReader ? read : "") + event.key;
    if (screen === "phone" && !isReader && /\d/.test(event.key))
      typed((part("typed").textContent + event.key).slice(0, 11));
  } else if (event.key === "Enter" && screen === "phone" && event.target === document.body) {
    pick(part("typed").textContent);
  } else read = "";
});

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js");
start();
sync();
