// Serve: a sitting of judging photos: the queue, the verdicts on their way, and the model that learns.

import { Outbox } from "./outbox.js";
import { ReviewQueue } from "./review_queue.js";
import { t } from "./texts.js";

const FEW = 8;
const LEARN_EVERY = 10;
const LEARN_KEPT = "sis-learn-on";
const LOOK_EVERY_MS = 1000;
const PAUSE_MS = 1500;

let outbox = null; // outlives the view: what was said is sent, whatever is looked at since

export class ReviewSession {
  queue;
  training = null; // the answer of /api/train while a model learns
  before = null; // the concept's histogram before the model learned last
  selecting = false;
  #app;
  #changed;
  #key = null;
  #sinceLearned = 0;
  #ended = false;
  #refresh = null;
  #stale = false; // whether the counts are of before the last verdicts

  constructor(app, changed) {
    this.#app = app;
    this.#changed = changed;
    this.queue = new ReviewQueue(app);
    outbox ??= new Outbox({ send: (reviews) => send(app, reviews) });
    outbox.listen({ changed: () => this.#sent(), refused: (...refusal) => this.#refused(...refusal) });
    outbox.retry();
    this.#watchTraining();
  }

  end() {
    this.#ended = true;
    outbox.listen({ changed: () => {}, refused: (_, error) => this.#app.failed(error) });
  }

  get outbox() {
    return outbox;
  }

  /** The concept that is judged; null for photos as a whole. */
  get concept() {
    const { concept } = this.#app.state;
    if (concept === "") return null;
    return concept ?? this.#app.schema.concepts[0]?.concept ?? null;
  }

  get source() {
    return this.concept === null ? "filter" : this.#app.state.queue;
  }

  get learnsAlone() {
    return localStorage.getItem(LEARN_KEPT) !== "off";
  }

  set learnsAlone(on) {
    localStorage.setItem(LEARN_KEPT, on ? "on" : "off");
    this.#changed();
  }

  /** Look whether other photos are wanted than those that are here. */
  follow() {
    const { state, query } = this.#app;
    const filter = this.source === "filter" ? `${query} ${state.order}` : "";
    const key = `${this.concept} ${this.source} ${filter}`;
    if (key === this.#key) return;
    this.#key = key;
    this.before = null;
    this.#sinceLearned = 0;
    this.queue.clear();
    this.#fill();
  }

  judge(verdict, concept) {
    if (this.queue.meant.length === 0) return;
    const reviews = this.queue.meant.map(({ card }) => ({ photo: card.id, verdict, concept }));
    outbox.say(reviews, this.queue.judge(verdict, concept));
    if (concept !== null && concept === this.concept) this.#sinceLearned += reviews.length;
    if (this.queue.waiting < FEW && !this.queue.ended && !this.queue.loading) this.#fill();
    if (this.learnsAlone && this.#sinceLearned >= LEARN_EVERY) this.learn();
    this.#changed();
  }

  undo() {
    if (!outbox.canUndo) return false;
    const before = outbox.undo();
    if (before) this.queue.restore(before);
    else this.#beginAnew();
    this.#changed();
    return true;
  }

  /** Say the same of all photos that match the filter. */
  async judgeAll(verdict, concept) {
    const { api, query, matching, notices } = this.#app;
    try {
      const answer = await api.post("/api/reviews/matching", { filter: query, verdict, concept, expected: matching });
      if (answer.undo?.length) outbox.done(answer.undo, null);
      notices.say(t("review.saidOfAll", { n: answer.added }), answer.undo?.length ? { action: t("app.undo"), run: () => this.undo() } : {});
      this.#beginAnew();
    } catch (error) {
      this.#app.failed(error);
    }
    this.#app.refresh();
  }

  go(by, { extend = false } = {}) {
    this.queue.goTo(this.queue.cursor + by, { extend });
    this.#changed();
  }

  look(place, event) {
    const toggles = event.ctrlKey || event.metaKey;
    if (toggles && this.queue.selected.size === 0 && place !== this.queue.cursor) this.queue.toggle(this.queue.cursor);
    if (toggles || this.selecting) this.queue.toggle(place);
    else this.queue.goTo(place, { extend: event.shiftKey });
    if (!toggles && !event.shiftKey && !this.selecting) this.queue.deselect();
    this.#changed();
  }

  selectAll() {
    this.queue.selectAll();
    this.#changed();
  }

  deselect() {
    if (this.queue.selected.size === 0 && !this.selecting) return false;
    this.queue.deselect();
    this.selecting = false;
    this.#changed();
    return true;
  }

  selectSeveral(selecting) {
    this.selecting = selecting;
    if (!selecting) this.queue.deselect();
    this.#changed();
  }

  /** Let the model learn from all verdicts so far. */
  async learn() {
    if (this.training || this.concept === null) return;
    this.#sinceLearned = 0;
    this.before = this.histogram;
    this.training = { state: "running", concept: this.concept, seconds: 0 };
    this.#changed();
    try {
      await outbox.empty();
      await this.#app.api.post("/api/train", { concept: this.concept });
      await this.#watchTraining();
    } catch (error) {
      this.training = null;
      this.#app.failed(error);
      this.#changed();
    }
  }

  get histogram() {
    return this.#app.facets?.histograms?.[this.concept] ?? null;
  }

  async #watchTraining() {
    for (;;) {
      const answer = await this.#app.api.get("/api/train").catch(() => null);
      if (this.#ended) return;
      if (answer?.state !== "running") return this.#learned(answer);
      this.training = answer;
      this.#changed();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  #learned(answer) {
    const ran = this.training !== null;
    this.training = null;
    if (ran && answer?.state === "failed") this.#app.notices.say(t("notices.failed", { why: answer.message }));
    else if (ran) {
      this.#app.notices.say(answer?.message || t("review.learned"));
      this.queue.clear({ keepJudged: true });
      this.#fill();
      this.#app.showNewer().catch((error) => this.#app.failed(error));
    }
    this.#changed();
  }

  // What was said of all that match, or taken back, is said of other photos than those at hand.
  async #beginAnew() {
    await outbox.empty();
    this.queue.clear();
    await this.#fill();
  }

  async #fill() {
    const key = this.#key;
    this.#changed();
    try {
      await this.queue.fill({ source: this.source, concept: this.concept });
      this.#changed();
      const lacking = this.queue.items.map(({ card }) => card);
      await this.#app.thumbs.fetch(lacking, 160);
    } catch (error) {
      this.#app.failed(error);
    }
    if (key === this.#key) this.#changed();
  }

  // The counts beside the photo follow once a person pauses.
  #sent() {
    this.#changed();
    if (outbox.unsent > 0) this.#stale = true;
    clearTimeout(this.#refresh);
    if (outbox.unsent > 0 || !this.#stale) return;
    this.#refresh = setTimeout(() => {
      this.#stale = false;
      this.#app.refresh();
    }, PAUSE_MS);
  }

  #refused(reviews, error, before) {
    if (before) this.queue.restore(before);
    this.#app.notices.say(t("review.refused", { n: reviews?.length ?? 0, why: error.message }));
    this.#changed();
  }
}

// A server that was started again knows the page's token no more, and gives it another.
async function send(app, reviews) {
  try {
    return (await app.api.post("/api/reviews", { reviews })).undo;
  } catch (error) {
    if (error.status !== 403) throw error;
    app.api.token = (await app.api.get("/api/session")).csrf;
    return (await app.api.post("/api/reviews", { reviews })).undo;
  }
}
