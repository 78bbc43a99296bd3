// A form marked data-in-place is sent without leaving the page: of the page that answers, the
// parts marked data-part take the place of those here. Without this file the form is sent as any
// other, and the whole page comes.

const BUSY = "aria-disabled";
const TYPED_WRONG = 422;
let stopped = false;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !("inPlace" in form.dataset)) return;
  event.preventDefault();
  stopped = false;
  send(form, event.submitter);
});

// A button marked data-stop ends what a button marked data-repeat began.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-stop]")) stopped = true;
});

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button && button.name) body.set(button.name, button.value);
  const secrets = [...form.querySelectorAll("input[type='password']")];
  const typed = new Map(secrets.map((each) => [each.name, each.value]));
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  } catch {
    return unsure(form);
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!put(page)) {
    if (answer.ok) return location.assign(answer.url);
    return answer.status === TYPED_WRONG && secrets.length ? retype(form, page) : refused(page);
  }
  const again = button && "repeat" in button.dataset && next(form.id, typed);
  release(form);
  if (!again) document.querySelector("[data-part='messages']").focus();
}

// Put the parts of an answer here; say whether it had any.
function put(page) {
  let found = 0;
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!fresh || fresh.dataset.part === "messages") continue;
    part.replaceWith(document.adoptNode(fresh));
    found += 1;
  }
  if (!found) return false;
  // A part of its own stays, so that a reader is told what is new in it.
  const messages = document.querySelector("[data-part='messages']");
  messages.replaceChildren(...page.querySelector("[data-part='messages']").childNodes);
  ready();
  return true;
}

// Go on with what is left, until it is done or somebody stops it.
function next(id, typed) {
  const form = id && document.getElementById(id);
  const button = form && form.querySelector("button[data-repeat]");
  if (!button || stopped) return false;
  for (const [name, value] of typed) form.elements[name].value = value;
  for (const each of document.querySelectorAll("[data-stop]")) each.hidden = false;
  form.requestSubmit(button);
  return true;
}

// A PIN that was wrong is typed again where it was; what the refusal says of it stands above.
function retype(form, page) {
  for (const earlier of form.querySelectorAll("[data-refused]")) earlier.remove();
  const said = document.adoptNode(page.querySelector("#main .callout"));
  said.dataset.refused = "";
  said.setAttribute("role", "alert");
  const secret = form.querySelector("input[type='password']");
  secret.closest(".field").before(said);
  release(form);
  secret.value = "";
  secret.focus();
}

// A refusal comes as a page of its own: what it says is shown here.
function refused(page) {
  document.getElementById("main").replaceWith(document.adoptNode(page.getElementById("main")));
  const main = document.getElementById("main");
  main.tabIndex = -1;
  main.focus();
}

function unsure(form) {
  release(form);
  const said = document.getElementById("in-place-unsure");
  if (said) said.hidden = false;
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute(BUSY);
}

function ready() {
  for (const button of document.querySelectorAll("button[data-repeat]")) button.hidden = false;
  for (const button of document.querySelectorAll("[data-primary]")) {
    button.setAttribute("aria-keyshortcuts", "F9");
  }
}

ready();
