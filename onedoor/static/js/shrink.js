// Photos are made smaller on the device before they are sent: a page of paper needs no forty
// megapixels, and a village has little line. What cannot be made smaller goes as it is.

const MOST_SIDE = 3000; // as the server shows it at most
const LIGHT = 1024 * 1024;

async function smaller(file) {
  if (!/^image\/(jpeg|png)$/.test(file.type) || file.size <= LIGHT) return file;
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const share = Math.min(1, MOST_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * share);
  canvas.height = Math.round(image.height * share);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  if (!made || made.size >= file.size) return file;
  return new File([made], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
}

let working = 0;

async function shrink(input) {
  if (![...input.files].some((file) => file.size > LIGHT)) return;
  const chosen = input.value;
  working += 1;
  try {
    const files = await Promise.all([...input.files].map((file) => smaller(file).catch(() => file)));
    if (input.value !== chosen) return; // others were chosen meanwhile
    const given = new DataTransfer();
    for (const file of files) given.items.add(file);
    input.files = given.files;
  } catch {
    // An old browser: the photos go as they are.
  } finally {
    working -= 1;
  }
}

if (window.createImageBitmap && window.DataTransfer) {
  for (const input of document.querySelectorAll("input[type='file']")) {
    input.addEventListener("change", () => shrink(input));
  }
  // Sent while a photo is still being made smaller: sent when it is.
  document.addEventListener(
    "submit",
    (event) => {
      if (!working) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { target, submitter } = event;
      const wait = setInterval(() => {
        if (working) return;
        clearInterval(wait);
        target.requestSubmit(submitter);
      }, 100);
    },
    true,
  );
}
