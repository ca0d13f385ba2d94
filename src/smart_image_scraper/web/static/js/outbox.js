// Serve: verdicts on their way to the server. What a person said counts at once on the page; here it
// waits until the server has it, in order, however long the server is away.

const KEPT = "sis-unsent-verdicts";
const WAIT_MS = [1000, 2000, 5000, 10_000, 20_000];

/**
 * Sends verdicts one message at a time and tries again while the server does not answer.
 *
 * `send(reviews)` is a promise of the reviews that would undo them. An error with a `status` from
 * 400 to 499 is the server's last word: the verdicts are given to `refused` and not sent again.
 */
export class Outbox {
  #send;
  #changed;
  #refused;
  #storage;
  #waiting = [];
  #said = [];
  #emptied = [];
  #timer = null;
  #failures = 0;
  busy = false;

  constructor({ send, changed = () => {}, refused = () => {}, storage = window.sessionStorage }) {
    this.#send = send;
    this.#changed = changed;
    this.#refused = refused;
    this.#storage = storage;
    this.#waiting = restored(storage);
    window.addEventListener("beforeunload", (event) => this.unsent > 0 && event.preventDefault());
  }

  /** Tell another listener from now on. */
  listen({ changed, refused }) {
    this.#changed = changed;
    this.#refused = refused;
  }

  /** Wait until the server has all. */
  async empty() {
    if (this.#waiting.length > 0) await new Promise((resolve) => this.#emptied.push(resolve));
  }

  /** How many verdicts the server does not have yet. */
  get unsent() {
    return this.#waiting.reduce((sum, entry) => sum + (entry.reviews?.length ?? 1), 0);
  }

  /** Whether the server has failed to answer, and is being tried again. */
  get failing() {
    return this.#failures > 0;
  }

  get canUndo() {
    return this.#said.length > 0;
  }

  /** Say something; `before` is handed back by `undo`. */
  say(reviews, before) {
    const entry = { reviews, before, undo: null };
    this.#waiting.push(entry);
    this.#said.push(entry);
    this.#kick();
  }

  /** Remember what the server has already, so that it can be undone. */
  done(undo, before) {
    this.#said.push({ reviews: null, before, undo });
    this.#changed();
  }

  /** Take the last word back, whether it was sent or not; returns its `before`. */
  undo() {
    const entry = this.#said.pop();
    if (!entry) return null;
    const place = this.#waiting.indexOf(entry);
    if (place > 0 || (place === 0 && !this.busy)) this.#waiting.splice(place, 1);
    else this.#waiting.push({ of: entry });
    this.#kick();
    return entry.before;
  }

  /** Try at once what would be tried later. */
  retry() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#kick();
  }

  #kick() {
    this.#keep();
    this.#changed();
    if (!this.busy && this.#timer === null) this.#run();
  }

  async #run() {
    this.busy = true;
    while (this.#waiting.length > 0 && this.#timer === null) await this.#sendFirst();
    this.busy = false;
    if (this.#waiting.length === 0) this.#emptied.splice(0).forEach((resolve) => resolve());
    this.#changed();
  }

  async #sendFirst() {
    const entry = this.#waiting[0];
    const reviews = entry.of ? entry.of.undo : entry.reviews;
    try {
      entry.undo = reviews?.length ? await this.#send(reviews) : [];
      this.#failures = 0;
      this.#waiting.shift();
    } catch (error) {
      if (isLastWord(error)) this.#drop(entry, error);
      else this.#later();
    }
    this.#keep();
    this.#changed();
  }

  #drop(entry, error) {
    this.#waiting.shift();
    this.#said = this.#said.filter((each) => each !== entry);
    this.#refused(entry.reviews ?? entry.of.undo, error, entry.before);
  }

  #later() {
    const wait = WAIT_MS[Math.min(this.#failures, WAIT_MS.length - 1)];
    this.#failures += 1;
    this.#timer = setTimeout(() => this.retry(), wait);
  }

  // A page that is loaded again in the same tab sends what was left.
  #keep() {
    const left = this.#waiting.map((entry) => ({ reviews: entry.of ? entry.of.undo : entry.reviews }));
    const kept = left.filter(({ reviews }) => reviews?.length);
    if (kept.length > 0) this.#storage.setItem(KEPT, JSON.stringify(kept));
    else this.#storage.removeItem(KEPT);
  }
}

function restored(storage) {
  try {
    const kept = JSON.parse(storage.getItem(KEPT) ?? "[]");
    return kept.map(({ reviews }) => ({ reviews, before: null, undo: null }));
  } catch {
    return [];
  }
}

function isLastWord({ status }) {
  return status >= 400 && status < 500 && ![401, 408, 429].includes(status);
}
