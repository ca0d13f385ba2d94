// Serve: the photos that wait for a verdict, the one that is looked at, and those that are selected.

import { writePairs } from "./state.js";

const AT_ONCE = 24;
const MOST_AT_ONCE = 256;

/** How photos are judged: of a concept it is there or not; of a photo, it is wanted or not. */
export class ReviewQueue {
  items = []; // { card, reason, probability, said }
  cursor = 0;
  selected = new Set();
  reviewed = null;
  left = null;
  why = null;
  ended = false;
  loading = true;
  #app;
  #seen = new Set();
  #saidBefore = 0;
  #anchor = null;
  #cleared = 0; // how often: an answer from before is about photos that are not wanted any more

  constructor(app) {
    this.#app = app;
  }

  get current() {
    return this.items[this.cursor] ?? null;
  }

  /** The photos that a verdict is said of: the selected ones, or the one that is looked at. */
  get meant() {
    if (this.selected.size > 0) return this.items.filter(({ card }) => this.selected.has(card.id));
    return this.current ? [this.current] : [];
  }

  get waiting() {
    return this.items.filter(({ said }) => !said).length;
  }

  /** How many were judged since the server counted what is left. */
  get judged() {
    return this.items.filter(({ said }) => said).length - this.#saidBefore;
  }

  /** Forget all photos, or, with `keepJudged`, those that wait: a new model asks for others. */
  clear({ keepJudged = false } = {}) {
    const kept = keepJudged ? this.items.filter(({ said }, place) => said || place === this.cursor) : [];
    const { current } = this;
    this.items = kept;
    this.#seen = new Set(kept.map(({ card }) => card.id));
    this.cursor = Math.max(0, kept.indexOf(current));
    this.selected.clear();
    this.#saidBefore = 0;
    this.#cleared += 1;
    this.ended = false;
  }

  /** Ask for more photos. `source` is "next", what teaches most, or "filter", all that match. */
  async fill({ source, concept }) {
    this.loading = true;
    const cleared = this.#cleared;
    try {
      const { photos, ...counts } = source === "next" ? await this.#teaching(concept) : await this.#matching(concept);
      if (cleared !== this.#cleared) return;
      Object.assign(this, counts);
      const fresh = photos.filter(({ card }) => !this.#seen.has(card.id));
      for (const { card } of fresh) this.#seen.add(card.id);
      this.items = [...this.items, ...fresh.map((item) => ({ ...item, said: false }))];
      this.#saidBefore = this.items.filter(({ said }) => said).length;
      this.ended = fresh.length === 0;
    } finally {
      if (cleared === this.#cleared) this.loading = false;
    }
  }

  // What is on the page without a verdict comes again, and is asked for on top.
  async #teaching(concept) {
    const number = Math.min(MOST_AT_ONCE, AT_ONCE + this.waiting);
    const answer = await this.#app.api.get("/api/reviews/next", { concept, number });
    const { photos, reviewed, left, why } = answer;
    return { photos, reviewed, left, why };
  }

  async #matching(concept) {
    const { filter, order } = this.#app.state;
    const judged = filter.some(([name]) => name === "review");
    const none = judged ? [] : [["review", concept ? `${concept}=none` : "none"]];
    for (let page = 1; ; page += 1) {
      const words = [...filter, ...none, ["order", order], ["page", page], ["limit", MOST_AT_ONCE]];
      const answer = await this.#app.api.get("/api/photos", writePairs(words));
      const fresh = answer.photos.filter(({ id }) => !this.#seen.has(id)).slice(0, AT_ONCE);
      if (fresh.length > 0 || page >= answer.pages) {
        const photos = fresh.map((card) => ({ card, reason: null, probability: card.scores[concept] ?? null }));
        return { photos, reviewed: null, left: answer.matching, why: null };
      }
    }
  }

  /** Look at another photo; `extend` selects all from where one began. */
  goTo(place, { extend = false } = {}) {
    const bounded = Math.max(0, Math.min(this.items.length - 1, place));
    if (extend) this.#selectTo(bounded);
    else this.#anchor = null;
    this.cursor = bounded;
  }

  #selectTo(place) {
    this.#anchor ??= this.cursor;
    const [first, last] = [Math.min(this.#anchor, place), Math.max(this.#anchor, place)];
    this.selected = new Set(this.items.slice(first, last + 1).map(({ card }) => card.id));
  }

  toggle(place) {
    const { id } = this.items[place].card;
    if (!this.selected.delete(id)) this.selected.add(id);
    this.cursor = place;
    this.#anchor = place;
  }

  selectAll() {
    const waiting = this.items.filter(({ said }) => !said).map(({ card }) => card.id);
    this.selected = new Set(waiting);
  }

  deselect() {
    this.selected.clear();
    this.#anchor = null;
  }

  /** Note a verdict on the photos that are meant, and go on; returns what was so before. */
  judge(verdict, concept) {
    const meant = this.meant;
    const before = { place: this.cursor, cards: meant.map(({ card, said }) => ({ card, said })) };
    const places = meant.map((item) => this.items.indexOf(item));
    for (const place of places) this.items[place] = judged(this.items[place], verdict, concept);
    this.deselect();
    this.#goOn(Math.max(...places));
    return before;
  }

  /** Put photos back as they were. */
  restore({ place, cards }) {
    for (const { card, said } of cards) {
      const at = this.items.findIndex((item) => item.card.id === card.id);
      if (at >= 0) this.items[at] = { ...this.items[at], card, said };
    }
    this.goTo(place);
  }

  #goOn(place) {
    const after = this.items.findIndex(({ said }, index) => index > place && !said);
    const any = this.items.findIndex(({ said }) => !said);
    if (after >= 0) this.cursor = after;
    else if (any >= 0) this.cursor = any;
    else this.cursor = this.items.length;
  }
}

function judged(item, verdict, concept) {
  const { card } = item;
  const said = verdict === "withdraw" ? null : verdict;
  const verdicts = concept ? { ...card.verdicts, [concept]: said } : card.verdicts;
  return { ...item, said: true, card: concept ? { ...card, verdicts } : { ...card, verdict: said } };
}
