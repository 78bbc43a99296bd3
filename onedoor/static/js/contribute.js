// A party's number is made on its own device and never sent before the event: only what it is
// committed to goes out. Without this file, "draw.py commit" does the same on another device.

import { commitment, freezeHash } from "./draw.js";

const box = document.querySelector("[data-contribute]");

function party() {
  const chosen = document.querySelector('#step-commit [name="party"]:checked');
  return chosen ? chosen.value : "";
}

async function make() {
  const said = box.querySelector("[data-secret]");
  if (!party()) {
    said.textContent = box.dataset.first;
    return;
  }
  const freeze = await (await fetch(box.dataset.contribute)).json();
  const hash = await freezeHash(freeze);
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const secret = Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
  document.querySelector('#step-commit [name="commit"]').value = await commitment(
    freeze,
    hash,
    party(),
    secret,
  );
  said.textContent = secret;
  const link = box.querySelector("a[download]");
  link.href = URL.createObjectURL(new Blob([`${freeze.draw_id} ${party()} ${secret}\n`]));
  link.hidden = false;
}

if (box && crypto.subtle) {
  box.hidden = false;
  box.querySelector("button").addEventListener("click", make);
}
