// Keys for people at the counter. Chinese input is never disturbed, no single letter does anything.

const composing = (event) => event.isComposing || event.keyCode === 229;
const dialogOpen = () => document.querySelector("dialog[open]");

function primary() {
  const button = document.querySelector("[data-primary]");
  if (button && button.getAttribute("aria-disabled") !== "true") button.click();
}

function toggleSheet() {
  const sheet = document.getElementById("keys");
  if (!sheet || !sheet.showModal) return;
  if (sheet.open) sheet.close();
  else if (!dialogOpen()) sheet.showModal();
}

function search() {
  const field =
    document.getElementById("q") || document.querySelector("main input[type='search']");
  if (!field) return;
  field.focus();
  field.select();
}

// A list marked data-rove: the arrows go from link to link, Enter opens as always.
function rove(event) {
  const list = event.target.closest("[data-rove]");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!list || !step) return false;
  const links = [...list.querySelectorAll("a[href]")];
  const at = links.indexOf(event.target.closest("a"));
  if (at < 0) return false;
  const next = links[at + step];
  if (next) next.focus();
  return true;
}

// 1 2 3 choose while the focus is in a checker, but not while a number is being typed.
function choose(event) {
  const checker = event.target.closest("[data-checker]");
  const typing = event.target.matches("textarea, select, input:not([type='radio'])");
  if (!checker || typing || !/^[1-9]$/.test(event.key)) return false;
  const radio = checker.querySelectorAll("input[type='radio']")[Number(event.key) - 1];
  if (!radio) return false;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

document.addEventListener("keydown", (event) => {
  if (composing(event) || event.altKey || event.metaKey) return;
  let done = true;
  if (event.ctrlKey) {
    if (event.key === "/") toggleSheet();
    else if (dialogOpen()) return;
    else if (event.key.toLowerCase() === "k") search();
    else if (event.key === "Enter" && event.target.matches("textarea")) primary();
    else done = false;
  } else if (dialogOpen()) {
    return;
  } else if (event.key === "F9") {
    if (!event.repeat) primary();
  } else if (/^F\d+$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`)) {
    // A key of the page's own toolbar: pressed and held, it is pressed once.
    if (!event.repeat) document.querySelector(`[data-key="${event.key}"]`).click();
  } else {
    done = rove(event) || (!event.shiftKey && choose(event));
  }
  if (done) event.preventDefault();
});

for (const element of document.querySelectorAll("[data-primary]")) {
  element.setAttribute("aria-keyshortcuts", "F9");
}

for (const element of document.querySelectorAll("[data-key]")) {
  element.setAttribute("aria-keyshortcuts", element.dataset.key);
}
