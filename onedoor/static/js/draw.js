// The verifiable draw onedoor-draw/1, recomputed in the browser with WebCrypto: the same checks
// with the same codes, in the same order, as onedoor/market/rules/draw.py. Nothing is sent anywhere.

const MOST = Number.MAX_SAFE_INTEGER;
const MOST_TICKETS = 1_000_000;
const QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
const QUICKNET_GENESIS = 1692803367;
const QUICKNET_PERIOD = 3;
const RESULT = ["seed", "params", "ranking", "winners", "alternates"];

export class Unreadable extends Error {}

// --- The shape of a record ---------------------------------------------------------------------

const DIGEST = "[0-9a-f]{64}";
const TIME =
  "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}";
const USCC = "[0-9A-Z]{18}";
const PARTY = "[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}";
const WORD = "[a-z][a-z0-9_]{0,31}";
const TEXT = ".{0,500}";
const range = (lo, hi) => ({ lo, hi, isRange: true });
const EVENTS = {
  none: { kind: "none" },
  dice: { kind: "dice", throws: range(10, 100), "place?": TEXT },
  lottery: { kind: "lottery", game: TEXT, issue: TEXT, paper: TEXT },
  nist: { kind: "nist", chain: range(0, MOST), pulse: range(0, MOST) },
  drand: { kind: "drand", chain: DIGEST, round: range(1, MOST) },
};
const VALUES = {
  none: "",
  dice: "[0-9]{10,100}",
  lottery: "[0-9 +]{1,64}",
  nist: "[0-9a-f]{128}",
  drand: DIGEST,
};
const FREEZE = {
  schema: "onedoor[.]draw[.]freeze/1",
  draw_id: "[0-9]{6}-20[0-9]{2}-[0-9]{6}",
  notice_id: PARTY,
  method: WORD,
  winners: range(1, 1000),
  alternates: range(0, 1000),
  prev_record_hash: DIGEST,
  entries: [{ uscc: USCC, weight: range(1, 10_000) }],
  excluded: [{ uscc: USCC, code: PARTY }],
  order: "reveal_then_event|event_then_open",
  commit_deadline: TIME,
  open_deadline: TIME,
  event: EVENTS,
  "params?": [{ name: WORD, lo: range(0, MOST), hi: range(0, MOST) }],
  "parties?": [PARTY],
  "replaces?": "[0-9]{6}-20[0-9]{2}-[0-9]{6}",
};
const RECORD = {
  schema: "onedoor[.]draw[.]record/1",
  state: "completed|void",
  level: range(0, 4),
  frozen_at: TIME,
  freeze: FREEZE,
  freeze_hash: DIGEST,
  commitments: [{ party: PARTY, commit: DIGEST, at: TIME, "sealed?": TEXT }],
  "event?": { value: "[0-9a-f +]{0,128}", at: TIME, "witness?": TEXT },
  openings: [
    { party: PARTY, secret: "(?:[0-9a-f]{2}){16,64}", at: TIME, by: "party|envelope" },
  ],
  "seed?": DIGEST,
  "params?": [{ name: WORD, value: range(0, MOST) }],
  "ranking?": [{ uscc: USCC, ticket: DIGEST }],
  "winners?": [USCC],
  "alternates?": [USCC],
  "struck?": [{ uscc: USCC, reason: TEXT, approver: TEXT, at: TIME }],
  "void?": { reason: TEXT, approver: TEXT, at: TIME },
};

const forms = new Map();

function matches(form, text) {
  if (!forms.has(form)) forms.set(form, new RegExp(`^(?:${form})$`, "u"));
  return forms.get(form).test(text);
}

const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function fit(value, shape, where) {
  let fits;
  if (typeof shape === "string") {
    fits = typeof value === "string" && matches(shape, value);
  } else if (shape.isRange) {
    fits = typeof value === "number" && shape.lo <= value && value <= shape.hi;
  } else if (Array.isArray(shape)) {
    fits = Array.isArray(value) && value.length <= 100_000;
    if (fits) value.forEach((each, place) => fit(each, shape[0], `${where}[${place}]`));
  } else if (shape === EVENTS) {
    const kind = isObject(value) ? value.kind : null;
    fits = typeof kind === "string" && Object.hasOwn(EVENTS, kind);
    if (fits) fit(value, EVENTS[kind], where);
  } else {
    const names = new Map(Object.keys(shape).map((name) => [name.replace("?", ""), name]));
    fits =
      isObject(value) &&
      Object.keys(value).every((name) => names.has(name)) &&
      Object.keys(shape).every((name) => name.endsWith("?") || Object.hasOwn(value, name));
    if (fits) {
      for (const name of Object.keys(value)) {
        fit(value[name], shape[names.get(name)], `${where}.${name}`);
      }
    }
  }
  if (!fits) throw new Unreadable(where);
  if (shape === TIME) moment(value, where);
}

// A reader stricter than JSON.parse: whole numbers only, no name twice, NFC, no controls.
export function read(text) {
  let at = 0;
  const bad = () => new Unreadable("JSON");
  const blank = () => {
    while (" \t\n\r".includes(text[at]) && at < text.length) at += 1;
  };
  const take = (sign) => {
    blank();
    if (text[at] !== sign) return false;
    at += 1;
    return true;
  };
  const string = () => {
    const found = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    found.lastIndex = at;
    const match = found.exec(text);
    if (!match) throw bad();
    at = found.lastIndex;
    const made = JSON.parse(match[0]);
    if (/[\u0000-\u001f\u007f\u2028\u2029]|\p{Surrogate}/u.test(made)) throw bad();
    if (made.normalize("NFC") !== made) throw bad();
    return made;
  };
  const value = (depth) => {
    if (depth > 16) throw bad();
    blank();
    if (text[at] === '"') return string();
    if (take("[")) {
      const list = [];
      if (take("]")) return list;
      do list.push(value(depth + 1));
      while (take(","));
      if (!take("]")) throw bad();
      return list;
    }
    if (take("{")) {
      const made = new Map();
      if (take("}")) return {};
      do {
        blank();
        const name = string();
        if (made.has(name) || !take(":")) throw bad();
        made.set(name, value(depth + 1));
      } while (take(","));
      if (!take("}")) throw bad();
      return Object.fromEntries(made);
    }
    const plain = /(?:0|[1-9][0-9]{0,15})(?![0-9.eE])|true|false|null/y;
    plain.lastIndex = at;
    const match = plain.exec(text);
    if (!match) throw bad();
    at = plain.lastIndex;
    return JSON.parse(match[0]);
  };
  const made = value(0);
  blank();
  if (at !== text.length) throw bad();
  fit(made, RECORD, "record");
  return made;
}

function moment(text, where = "time") {
  const [year, month, day, hour, minute, second, ahead, behind] = text
    .match(/[0-9]+/g)
    .map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const isTime = hour < 24 && minute < 60 && second < 60 && ahead < 24 && behind < 60;
  if (!isDay || !isTime) throw new Unreadable(where);
  const offset = (text[19] === "-" ? -1 : 1) * (ahead * 60 + behind) * 60;
  return date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset;
}

// --- The algorithm -----------------------------------------------------------------------------

const bytes = (text) => new TextEncoder().encode(text);
const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
const hex = (data) =>
  Array.from(new Uint8Array(data), (each) => each.toString(16).padStart(2, "0")).join("");
const sha = (data) => crypto.subtle.digest("SHA-256", data);

export function canon(value) {
  if (Array.isArray(value)) return `[${value.map(canon).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canon(value[name])}`).join(",")}}`;
}

async function digest(tag, ...parts) {
  const all = [bytes(tag), ...parts];
  const whole = new Uint8Array(all.reduce((sum, part) => sum + 8 + part.length, 0));
  let at = 0;
  for (const part of all) {
    new DataView(whole.buffer).setBigUint64(at, BigInt(part.length));
    whole.set(part, at + 8);
    at += 8 + part.length;
  }
  return new Uint8Array(await sha(whole));
}

export const freezeHash = async (freeze) => hex(await sha(bytes(canon(freeze))));

export async function commitment(freeze, hash, party, secret) {
  const parts = [bytes(freeze.draw_id), unhex(hash), bytes(party), unhex(secret)];
  return hex(await digest("onedoor/draw/commit/1", ...parts));
}

async function seedOf(freeze, hash, secrets, value) {
  const commits = {};
  const opened = [];
  for (const party of [...secrets.keys()].sort()) {
    commits[party] = await commitment(freeze, hash, party, secrets.get(party));
    opened.push(bytes(party), unhex(secrets.get(party)));
  }
  const isBeacon = ["drand", "nist"].includes(freeze.event.kind);
  const parts = [unhex(hash), bytes(canon(commits)), ...opened, bytes(canon(freeze.event))];
  return digest("onedoor/draw/seed/1", ...parts, isBeacon ? unhex(value) : bytes(value));
}

async function withKey(seed) {
  const how = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", seed, how, false, ["sign"]);
  return async (text) => hex(await crypto.subtle.sign("HMAC", key, bytes(text)));
}

async function ticket(made, entry) {
  let least = null;
  for (let number = 1; number <= entry.weight; number += 1) {
    const found = await made(`ticket/1|${entry.uscc}|${number}`);
    if (least === null || found < least) least = found;
  }
  return { uscc: entry.uscc, ticket: least };
}

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

async function rank(made, entries) {
  const drawn = [];
  for (let from = 0; from < entries.length; from += 500) {
    drawn.push(...(await Promise.all(entries.slice(from, from + 500).map((e) => ticket(made, e)))));
  }
  return drawn.sort((a, b) => order(a.ticket, b.ticket) || order(a.uscc, b.uscc));
}

async function param(made, { name, lo, hi }) {
  const size = BigInt(hi) - BigInt(lo) + 1n;
  for (let number = 0; ; number += 1) {
    const found = BigInt(`0x${await made(`param/1|${name}|${number}`)}`);
    if (found < (2n ** 256n / size) * size) return Number(BigInt(lo) + (found % size));
  }
}

export function level(freeze, parties) {
  if (parties < 2) return 0;
  return { none: 1, dice: 2, lottery: 3, drand: 4, nist: 4 }[freeze.event.kind];
}

async function result(record, hash, secrets) {
  const { freeze } = record;
  const value = record.event ? record.event.value : "";
  const seed = await seedOf(freeze, hash, secrets, value);
  const made = await withKey(seed);
  const ranking = await rank(made, freeze.entries);
  const struck = new Set((record.struck || []).map((each) => each.uscc));
  const left = ranking.map((each) => each.uscc).filter((uscc) => !struck.has(uscc));
  const params = [];
  for (const asked of freeze.params || []) {
    params.push({ name: asked.name, value: await param(made, asked) });
  }
  return {
    seed: hex(seed),
    params,
    ranking,
    winners: left.slice(0, freeze.winners),
    alternates: left.slice(freeze.winners, freeze.winners + freeze.alternates),
  };
}

// --- Verification ------------------------------------------------------------------------------

const fault = (code, about = "", told = "", found = "") => ({ code, about, told, found });
const isVoid = (record) => record.state === "void";
const inOrder = (times) => {
  const moments = times.map((each) => moment(each));
  return moments.every((each, place) => place === 0 || moments[place - 1] <= each);
};
const rises = (names) => names.every((name, place) => place === 0 || names[place - 1] < name);
const differs = (code, told, found) =>
  told === found ? [] : [fault(code, "", String(told), String(found))];
const line = (row) => (isObject(row) ? Object.values(row).join(" ") : String(row));

function compared(name, told, found) {
  if (!Array.isArray(told)) return differs(name, told, found);
  if (canon(told) === canon(found)) return [];
  const shorter = Math.min(told.length, found.length);
  let place = 0;
  while (place < shorter && canon(told[place]) === canon(found[place])) place += 1;
  const [said, made] = [told, found].map((side) =>
    place < side.length ? line(side[place]) : "—",
  );
  return [fault(name, `#${place + 1}`, said, made)];
}

// Resolves to {record, faults, level, notes}; rejects with Unreadable where there is no record.
export async function verify(text) {
  const record = read(text);
  const { freeze } = record;
  const hash = await freezeHash(freeze);
  const faults = [...freezeFaults(record, hash), ...commitFaults(record)];
  faults.push(...(await openingFaults(record, hash)), ...eventFaults(record));
  const secrets = new Map(record.openings.map((each) => [each.party, each.secret]));
  const parties = new Set(record.commitments.map((each) => each.party));
  const grade = level(freeze, parties.size);
  faults.push(...differs("level", record.level, grade));
  const hasEvent = freeze.event.kind === "none" || "event" in record;
  const isWhole = secrets.size > 0 && [...parties].every((p) => secrets.has(p)) && hasEvent;
  const told = RESULT.filter((name) => name in record);
  const isSaid = told.length === (isWhole ? RESULT.length : 0);
  if (!isSaid || "void" in record !== isVoid(record) || !(isVoid(record) || isWhole)) {
    faults.push(fault("state", record.state));
  }
  const forbid = ["event_value", "freeze_weights", "freeze_params"];
  if (isWhole && !faults.some((each) => forbid.includes(each.code))) {
    const made = await result(record, hash, secrets);
    for (const name of told) faults.push(...compared(name, record[name], made[name]));
  }
  return { record, faults, level: grade, notes: notes(record) };
}

function freezeFaults(record, hash) {
  const { freeze } = record;
  const found = differs("freeze_hash", record.freeze_hash, hash);
  const isPublic = ["lottery", "drand", "nist"].includes(freeze.event.kind);
  const wanted = isPublic ? "reveal_then_event" : "event_then_open";
  found.push(...differs("freeze_order", freeze.order, wanted));
  const times = [record.frozen_at, freeze.commit_deadline, freeze.open_deadline];
  if (!inOrder(times)) found.push(fault("freeze_times"));
  const entries = freeze.entries.map((each) => each.uscc);
  if (!rises(entries)) found.push(fault("freeze_sorted"));
  const excluded = freeze.excluded.map((each) => each.uscc);
  const listed = new Set(entries);
  if (!rises(excluded) || excluded.some((each) => listed.has(each))) {
    found.push(fault("freeze_excluded"));
  }
  const weights = freeze.entries.map((each) => each.weight);
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum > MOST_TICKETS || (freeze.method !== "credit" && weights.some((each) => each !== 1))) {
    found.push(fault("freeze_weights"));
  }
  if (entries.length < freeze.winners) found.push(fault("freeze_few"));
  const asked = freeze.params || [];
  if (asked.some((p) => p.lo > p.hi) || !rises(asked.map((p) => p.name).sort())) {
    found.push(fault("freeze_params"));
  }
  for (const each of record.struck || []) {
    if (!listed.has(each.uscc)) found.push(fault("struck", each.uscc));
  }
  return found;
}

function commitFaults(record) {
  const { freeze } = record;
  const found = [];
  const seen = new Set();
  for (const each of record.commitments) {
    if (seen.has(each.party)) found.push(fault("commit_again", each.party));
    seen.add(each.party);
    if (!inOrder([record.frozen_at, each.at, freeze.commit_deadline])) {
      found.push(fault("commit_time", each.party));
    }
  }
  for (const party of isVoid(record) ? [] : freeze.parties || []) {
    if (!seen.has(party)) found.push(fault("commit_missing", party));
  }
  return found;
}

async function openingFaults(record, hash) {
  const { freeze } = record;
  const commits = new Map(record.commitments.map((each) => [each.party, each.commit]));
  const found = [];
  const seen = new Set();
  for (const each of record.openings) {
    const { party } = each;
    if (seen.has(party)) found.push(fault("opening_again", party));
    seen.add(party);
    if (!commits.has(party)) {
      found.push(fault("opening_unknown", party));
      continue;
    }
    const made = await commitment(freeze, hash, party, each.secret);
    if (made !== commits.get(party)) {
      found.push(fault("opening_wrong", party, commits.get(party), made));
    }
    if (!inOrder(openingTimes(record, each))) found.push(fault("opening_time", party));
  }
  for (const party of isVoid(record) ? [] : commits.keys()) {
    if (!seen.has(party)) found.push(fault("opening_missing", party));
  }
  return found;
}

function openingTimes({ freeze, event }, opening) {
  if (freeze.order === "reveal_then_event") {
    return [freeze.commit_deadline, opening.at, freeze.open_deadline];
  }
  const last = opening.by === "envelope" ? [] : [freeze.open_deadline];
  return [freeze.commit_deadline, ...(event ? [event.at] : []), opening.at, ...last];
}

function eventFaults(record) {
  const { event } = record.freeze;
  if (!("event" in record)) {
    const isWanted = event.kind !== "none" && !isVoid(record);
    return isWanted ? [fault("event_missing")] : [];
  }
  const found = [];
  const { value } = record.event;
  const form = VALUES[event.kind];
  if (!matches(form, value) || ("throws" in event && value.length !== event.throws)) {
    found.push(fault("event_value", "", value || "—", form || "—"));
  }
  let at = moment(record.event.at);
  if (event.kind === "drand" && event.chain === QUICKNET) {
    const roundAt = QUICKNET_GENESIS + (event.round - 1) * QUICKNET_PERIOD;
    if (roundAt > 4_000_000_000 || at < roundAt) found.push(fault("event_time", "drand"));
    else at = roundAt;
  }
  const isPublic = record.freeze.order === "reveal_then_event";
  const after = isPublic ? record.freeze.open_deadline : record.freeze.commit_deadline;
  if (at <= moment(after)) found.push(fault("event_time"));
  return found;
}

function notes(record) {
  const { kind } = record.freeze.event;
  const found = ["drand", "nist"].includes(kind) ? ["beacon"] : [];
  if (["dice", "lottery"].includes(kind)) found.push("typed");
  if ((record.struck || []).length) found.push("struck");
  if (isVoid(record)) found.push("void");
  return found;
}

// --- The page ----------------------------------------------------------------------------------

const MOST_SHOWN = 50;
const form = document.querySelector("[data-draw]");

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function say(place, code) {
  return document.querySelector(`#draw-words [data-${place}="${code}"]`).textContent;
}

function headline(tone, title, ...lines) {
  const box = element("div", "", `callout ${tone}`);
  const inside = element("div");
  inside.append(element("h2", title, "verdict"), ...lines);
  box.append(inside);
  return box;
}

function sentence(found) {
  const about = found.about ? ` ${found.about}` : "";
  const row = element("li", `${say("fault", found.code)}${about}`);
  if (found.found) {
    row.append(element("br"), `${say("word", "told")} `, element("code", found.told));
    row.append(element("br"), `${say("word", "found")} `, element("code", found.found));
  }
  return row;
}

// What a record says that does not agree with itself is not shown as a result.
function facts(record, grade, whole) {
  const list = element("dl", "", "facts push");
  const row = (name, value) => {
    const box = element("div");
    const told = element("dd");
    told.append(element("code", value));
    box.append(element("dt", name), told);
    list.append(box);
  };
  row(say("word", "draw"), record.freeze.draw_id);
  if (!whole) return list;
  row(say("word", "freeze"), record.freeze_hash);
  row(say("word", "level"), `${grade} ${say("level", String(grade))}`);
  if (record.seed) row(say("word", "seed"), record.seed);
  if (record.winners) row(say("word", "winners"), record.winners.join(" ") || "—");
  if (record.alternates) row(say("word", "alternates"), record.alternates.join(" ") || "—");
  for (const each of record.params || []) row(each.name, String(each.value));
  return list;
}

function places(record) {
  const list = element("ol", "", "push");
  for (const each of (record.ranking || []).slice(0, MOST_SHOWN)) {
    const row = element("li");
    row.append(element("code", `${each.uscc} ${each.ticket}`));
    list.append(row);
  }
  const box = element("details", "", "push");
  box.append(element("summary", `${say("word", "ranking")} (${record.ranking.length})`), list);
  return box;
}

async function show(text) {
  const place = document.getElementById("draw-result");
  try {
    const found = await verify(text);
    const told = found.notes.map((code) => element("p", say("note", code)));
    const list = element("ul");
    list.append(...found.faults.map(sentence));
    const whole = found.faults.length === 0;
    const box = whole
      ? headline("good", say("word", "same"), ...told)
      : headline("alarm", say("word", "differs"), list, ...told);
    const more = whole && found.record.ranking ? [places(found.record)] : [];
    place.replaceChildren(box, facts(found.record, found.level, whole), ...more);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const where = element("p", error.message);
    place.replaceChildren(headline("warn", say("word", "unreadable"), where));
  }
  place.focus();
}

async function take(file) {
  const area = form.elements.namedItem("record");
  area.value = await file.text();
  await show(area.value);
}

if (form && !crypto.subtle) {
  document.getElementById("draw-insecure").hidden = false;
} else if (form) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(form.elements.namedItem("record").value);
  });
  form.elements.namedItem("file").addEventListener("change", (event) => {
    if (event.target.files[0]) take(event.target.files[0]);
  });
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files[0]) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
  const bring = async (address) => {
    const area = form.elements.namedItem("record");
    area.value = await (await fetch(address)).text();
    await show(area.value);
  };
  const example = form.querySelector("[data-example]");
  example.addEventListener("click", () => bring(example.dataset.example));
  if (form.dataset.record) bring(form.dataset.record);
}
