// How what is shown stands to the server and its database: asked now and then, closely while the
// server reads, and until it is back when it is away.

import { t } from "./texts.js";

const EVERY_MS = 30_000;
const WHILE_TROUBLED_MS = 5000;
const WHILE_LOADING_MS = 500;
const WHILE_READING_TEXTS_MS = 2000;
const WHILE_AWAY_MS = 3000;

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Standing {
  server = null; // the answer of /api/state
  away = null; // why the server does not answer
  #app;
  #following = null; // a promise of when the server has read all; null while it does not read
  #asked = performance.now();

  constructor(app) {
    this.#app = app;
  }

  /** Begin to look, with what the server says now. */
  start(server) {
    this.server = server;
    addEventListener("focus", () => this.#look());
    setInterval(() => this.#isDue && this.#look(), WHILE_TROUBLED_MS);
    this.#follow().catch((error) => this.#app.failed(error));
  }

  /** Whether the first load is under way: there is nothing to show yet, but there will be. */
  get isFirstLoad() {
    return Boolean(this.server?.loading && this.#app.schema?.photos === 0);
  }

  /** Have the server read its database anew. */
  async reload() {
    if (this.server?.loading) return;
    try {
      await this.#app.api.post("/api/reload");
      this.server = { ...this.server, loading: true, progress: 0 };
      await this.#follow();
      this.#app.notices.say(t("notices.reloaded"));
    } catch (error) {
      this.#app.failed(error);
    }
  }

  /** The server did not answer: try until it does, then go on. */
  async tryAgain(reason) {
    if (this.away) return;
    this.away = t(`notices.${reason}`);
    this.#app.changed();
    while (this.away) {
      await wait(WHILE_AWAY_MS);
      if (
        await this.#app.api.get("/api/state").then(
          () => true,
          () => false,
        )
      )
        this.away = null;
    }
    this.#app.resume();
  }

  async #look() {
    if (!this.#app.schema || this.away || this.#following) return;
    try {
      await this.#ask();
      await this.#follow();
    } catch (error) {
      this.#app.failed(error);
    }
  }

  // Who follows while another does waits for the same end.
  #follow() {
    this.#following ??= this.#untilRead().finally(() => {
      this.#following = null;
      this.#app.changed();
    });
    return this.#following;
  }

  // While it reads, ask often; what has come is shown as soon as it is whole.
  async #untilRead() {
    while (this.#isReading) {
      this.#app.changed();
      await wait(this.server.loading ? WHILE_LOADING_MS : WHILE_READING_TEXTS_MS);
      await this.#ask();
    }
  }

  // What is wrong is soon another thing, or over.
  get #isDue() {
    return (
      !document.hidden && (this.server.problems.length > 0 || performance.now() - this.#asked > EVERY_MS)
    );
  }

  get #isReading() {
    return this.server.loading || (this.server.photos > 0 && this.server.texts < 1);
  }

  async #ask() {
    const before = this.server;
    this.#asked = performance.now();
    this.server = await this.#app.api.get("/api/state");
    const isNew = before.revision !== this.server.revision || (before.loading && !this.server.loading);
    if (isNew) await this.#app.showNewer();
    else if (before.texts < 1 && this.server.texts === 1) this.#app.refresh(); // whoever waits for words
  }
}
