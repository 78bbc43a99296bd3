// Forms: sent once, errors first, printing, dialogs, and the reminder before a session ends.
// Everything works without this file; what needs it is hidden until it runs.

const BUSY = "aria-disabled";

// A form with data-once is sent once; the server stops a repeat too.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (!("once" in form.dataset)) return;
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button")) button.setAttribute(BUSY, "true");
});

// Back from the next page: the form may be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute(BUSY);
  }
});

// The summary takes the focus; links of a list of faults lead to the control, also inside a group.
const summary = document.getElementById("error-summary");
if (summary) summary.focus();
document.addEventListener("click", (event) => {
  const link = event.target.closest(".callout.alarm a[href^='#']");
  const place = link && document.getElementById(link.hash.slice(1));
  if (!place) return;
  const control = place.matches("input, select, textarea")
    ? place
    : place.querySelector("input:not([type='hidden']), select, textarea");
  if (!control) return;
  event.preventDefault();
  place.scrollIntoView({ block: "center" });
  control.focus({ preventScroll: true });
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open).showModal();
  // A menu closes when one clicks beside it.
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

if (window.HTMLDialogElement) {
  for (const opener of document.querySelectorAll("[data-open]")) opener.hidden = false;
}

// Staff: two minutes before the session ends, ask; going on keeps it alive.
const idle = document.getElementById("idle");
if (idle && idle.showModal) {
  const wait = Number(idle.dataset.idleMinutes) * 60000;
  let timer = setTimeout(remind, wait);

  function remind() {
    if (!idle.open) idle.showModal();
  }

  idle.addEventListener("close", () => {
    clearTimeout(timer);
    timer = setTimeout(remind, wait);
    fetch(idle.dataset.keep, { method: "HEAD", credentials: "same-origin" });
  });
}
