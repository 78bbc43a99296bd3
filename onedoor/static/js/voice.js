// The voice of a board: a Chinese voice of the machine itself, else a chime, else nothing; which of
// them is shown on the board. One call after the other; none is dropped, none is broken off.

const STARTS = 1500;
const ENDS = 12000;
const AGAIN = 10 * 60 * 1000;
const PAUSE = 300;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// Resolves once, with whether it was said; a voice that says nothing is not waited for.
function utter(text, voice) {
  return new Promise((done) => {
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = 0.9;
    let late = setTimeout(() => done(false), STARTS);
    words.onstart = () => {
      clearTimeout(late);
      late = setTimeout(() => done(false), ENDS);
    };
    words.onend = () => {
      clearTimeout(late);
      done(true);
    };
    words.onerror = () => {
      clearTimeout(late);
      done(false);
    };
    speechSynthesis.speak(words);
  });
}

export class Voice {
  // `shown` is told the level whenever it may have changed: speech, chime, muted, off.
  constructor(shown) {
    this.shown = shown;
    this.queue = [];
    this.isMuted = false;
    this.isBusy = false;
    this.failedAt = -AGAIN;
    this.context = "AudioContext" in window ? new AudioContext() : null;
    if (this.context) this.context.onstatechange = () => this.tell();
    if ("speechSynthesis" in window) speechSynthesis.onvoiceschanged = () => this.tell();
    this.tell();
  }

  // Voices come late, belong to the machine, and may need the internet: those do not count.
  get voice() {
    if (!("speechSynthesis" in window) || performance.now() - this.failedAt < AGAIN) return null;
    const isOurs = (each) => each.localService && each.lang.toLowerCase().startsWith("zh");
    return speechSynthesis.getVoices().find(isOurs) || null;
  }

  get level() {
    if (this.isMuted) return "muted";
    if (!this.context || this.context.state !== "running") return "off";
    return this.voice ? "speech" : "chime";
  }

  tell() {
    this.shown(this.level);
  }

  mute(isMuted) {
    this.isMuted = isMuted;
    this.tell();
  }

  // Browsers make no sound before somebody has touched the page.
  async open() {
    await this.context?.resume();
    this.tell();
  }

  call(call) {
    if (call.calls > 1) this.queue.unshift(call);
    else this.queue.push(call);
    this.run();
  }

  async run() {
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.queue.length) await this.say(this.queue.shift());
    this.isBusy = false;
  }

  async say(call) {
    const behind = this.queue.length;
    if (this.level === "muted" || this.level === "off") return;
    await this.chime();
    const voice = this.voice;
    for (let times = behind ? 1 : 2; voice && times > 0; times -= 1) {
      await wait(PAUSE);
      if (await utter(behind > 3 ? call.short : call.long, voice)) continue;
      this.failedAt = performance.now();
      break;
    }
    this.tell();
  }

  async chime() {
    const now = this.context.currentTime;
    for (const [after, pitch] of [[0, 880], [0.25, 660]]) {
      const tone = this.context.createOscillator();
      const loud = this.context.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.4, now + after);
      loud.gain.exponentialRampToValueAtTime(0.001, now + after + 0.25);
      tone.connect(loud).connect(this.context.destination);
      tone.start(now + after);
      tone.stop(now + after + 0.25);
    }
    await wait(500);
  }
}
