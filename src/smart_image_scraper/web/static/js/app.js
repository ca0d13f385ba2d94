// The app: what the address says, what the server answered, and what changes either.

import { Api, ApiError } from "./api.js";
import { Follower, Newest, Pace } from "./follow.js";
import { Notices } from "./notices.js";
import { Standing } from "./standing.js";
import { readState, writePairs, writeState } from "./state.js";
import { t } from "./texts.js";
import { Thumbs } from "./thumbs.js";

const ADDRESS_EVERY_MS = 400; // browsers refuse more than a hundred changes in half a minute
const LATE_MS = 400;
const SIDEBAR = [
  ...["histograms", "country", "term", "site", "license", "camera", "year", "review"],
  ...["views_histogram", "signal", "disagrees", "duplicates"],
];

const REFRESHING = ["filter", "order", "page", "view"]; // what changes the answers

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class App {
  api = new Api();
  thumbs = new Thumbs(this.api);
  notices = new Notices(() => this.changed());
  state = readState(location.search);
  session = null;
  schema = null;
  standing = new Standing(this);
  facets = null;
  matching = null; // how many photos match, by the answer to the newest wish
  results = null; // a page of the gallery: {photos, matching, page, pages, edge}
  layout = null; // {columns, limit, edge} once the gallery knows its room
  dragging = false;
  openSections = new Set(); // facets that are seen while a slider is dragged
  #listeners = new Set();
  #numbers = new Follower(() => this.#askFacets(), { failed: (error) => this.#refused("facets", error) });
  #page = new Follower(() => this.#askPage(), { failed: (error) => this.#refused("facets", error) });
  #pagePace = new Pace(() => this.#page.ask());
  #numbersWait = false;
  #filters = new Newest();
  #entering = null;
  #addressTimer = null;

  /** Ask for what the page begins with, and keep it up to date from then on. */
  async start() {
    addEventListener("popstate", () => this.#goBack());
    await this.#begin();
  }

  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed() {
    for (const listener of this.#listeners) listener();
  }

  /** The filter as a query string, for any of the API's addresses. */
  get query() {
    return writePairs(this.state.filter);
  }

  get server() {
    return this.standing.server;
  }

  get mayReview() {
    return Boolean(this.session?.can_review);
  }

  /** Whether there is nothing to show, or not yet. */
  get isEmpty() {
    return this.schema?.photos === 0;
  }

  get mayReload() {
    return this.session?.role === "curator";
  }

  /** Change the state by a deliberate step, which `back` undoes; `replace` makes it none. */
  change(part, { replace = false } = {}) {
    const filtered = "filter" in part || "order" in part;
    const asks = REFRESHING.some((name) => name in part && part[name] !== this.state[name]);
    this.state = { ...this.state, ...(filtered ? { page: 1 } : {}), ...part };
    this.dragging = false;
    this.#writeAddress(replace ? "replaceState" : "pushState");
    if (asks || (this.state.photo && !this.results)) this.refresh();
    this.changed();
  }

  /** Change the filter while a slider moves; end it with `change`. */
  drag(filter) {
    if (!this.dragging) history.pushState(null, "", location.href); // back leads to before the drag
    this.dragging = true;
    this.state = { ...this.state, filter, page: 1 };
    this.#addressTimer ??= setTimeout(() => this.#writeAddress("replaceState"), ADDRESS_EVERY_MS);
    this.#numbersWait = true;
    this.#filters.change();
    if (!this.#pagePace.soon()) this.#askNumbers();
    this.changed();
  }

  /** End a drag where it is: the last step of it is the deliberate one. */
  release(filter) {
    this.change({ filter }, { replace: this.dragging });
  }

  /** Ask for all that is shown, anew. */
  refresh() {
    if (this.isEmpty) return;
    this.#numbersWait = true;
    this.#filters.change();
    this.#pagePace.now();
  }

  /** Tell the app how many photos of which size its gallery has room for. */
  setLayout(layout) {
    const before = this.layout;
    if (before && Object.keys(layout).every((name) => layout[name] === before[name])) return;
    this.layout = layout;
    if (!this.isEmpty) this.#pagePace.now();
    this.changed();
  }

  openPhoto(id) {
    this.change({ photo: id }, { replace: Boolean(id && this.state.photo) });
  }

  /** Turn to a page, and wait for it; no step that `back` undoes. */
  async turnTo(page) {
    this.change({ page }, { replace: true });
    await this.#page.running;
  }

  showSimilar(id) {
    this.change({ view: "gallery", order: `similar:${id}`, photo: null });
  }

  /** Judge photos; says what was done, with a way back. */
  async review(reviews, { say }) {
    try {
      const { undo } = await this.api.post("/api/reviews", { reviews });
      this.undoReview = async () => {
        this.undoReview = null;
        await this.review(undo, { say: t("verdicts.withdraw") });
      };
      this.notices.say(say, { action: t("app.undo"), run: this.undoReview });
      this.refresh();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Bring the server's snapshot up to date with the database. */
  reload() {
    return this.standing.reload();
  }

  /** Show what the server has read since. */
  async showNewer() {
    this.schema = await this.api.get("/api/schema");
    this.refresh();
    this.changed();
  }

  /** Go on where the server was away. */
  resume() {
    if (this.schema) this.refresh();
    else this.#begin();
    this.changed();
  }

  /** Say what went wrong; where the server is away, try until it is back. */
  failed(error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) return;
    if (error.status === 0) this.standing.tryAgain(error.message);
    else this.notices.say(t("notices.failed", { why: error.message }));
    this.changed();
  }

  async #enter() {
    this.session = await this.api.get("/api/session");
    this.api.token = this.session.csrf;
  }

  async #begin() {
    const parts = ["schema", "state"].map((name) => this.api.get(`/api/${name}`));
    this.#entering = this.#enter();
    try {
      const [schema, server] = await Promise.all([...parts, this.#entering]);
      this.schema = schema;
      this.standing.start(server);
      this.#numbersWait = !this.isEmpty;
      if (this.#page.running || this.results) this.#askNumbers();
      else this.refresh();
    } catch (error) {
      this.failed(error);
    }
    this.changed();
  }

  // What cannot be asked for stays said until it can.
  #refused(what, error) {
    if (error.status !== 400) return this.failed(error);
    this.notices.refused = { ...this.notices.refused, [what]: error.message };
    return this.changed();
  }

  #answered(what) {
    this.notices.refused = { ...this.notices.refused, [what]: null };
    this.changed();
  }

  async #askFacets() {
    const { wish } = this.#filters;
    const facets = await this.api.get("/api/facets", `${this.query}&only=${this.#wantedFacets()}`);
    this.facets = { ...this.facets, ...facets };
    this.#count(wish, facets.matching);
    this.#answered("facets");
  }

  // Facets and pages are asked for apart: the answer to an older filter may come after one to a newer.
  #count(wish, matching) {
    if (this.#filters.takes(wish)) this.matching = matching;
  }

  // What the sidebar shows, and of that what is open in a drag; the charts ask for the slow ones.
  #wantedFacets() {
    if (this.state.view === "charts") return [...SIDEBAR, "month", "hour", "missing"];
    if (this.dragging) return ["histograms", ...SIDEBAR.filter((name) => this.openSections.has(name))];
    return SIDEBAR;
  }

  // The page is asked for first, then the numbers while its pictures come: of all three, the answer
  // to the page is what the person waits for, and the server computes one thing at a time.
  async #askPage() {
    try {
      if (this.layout && (this.state.view === "gallery" || this.state.photo)) await this.#showPage();
    } finally {
      this.#askNumbers();
    }
  }

  #askNumbers() {
    if (!this.#numbersWait) return;
    this.#numbersWait = false;
    this.#numbers.ask();
  }

  async #showPage() {
    const { limit, edge } = this.layout;
    const { order, page } = this.state;
    const { wish } = this.#filters;
    const words = writePairs([...this.state.filter, ["order", order], ["page", page], ["limit", limit]]);
    const results = await this.api.get("/api/photos", words);
    this.#count(wish, results.matching);
    this.#askNumbers();
    await this.#entering; // the token that thumbnails take
    if (edge) await this.#fetchThumbs(results.photos, edge);
    this.results = { ...results, edge };
    this.#answered("page");
    const last = Math.max(1, results.pages);
    if (page > last && page === this.state.page) this.change({ page: last }, { replace: true });
  }

  // The page appears with its pictures; when they are late, before them.
  async #fetchThumbs(photos, edge) {
    let late = false;
    const fetching = this.thumbs.fetch(photos, edge).then(
      () => late && this.changed(),
      (error) => this.failed(error),
    );
    const lateness = wait(LATE_MS).then(() => {
      late = true;
    });
    await Promise.race([fetching, lateness]);
  }

  #goBack() {
    clearTimeout(this.#addressTimer);
    this.#addressTimer = null;
    this.state = readState(location.search);
    this.dragging = false;
    this.refresh();
    this.changed();
  }

  #writeAddress(how) {
    clearTimeout(this.#addressTimer);
    this.#addressTimer = null;
    const query = writeState(this.state);
    const address = location.pathname + (query && `?${query}`);
    if (address !== location.pathname + location.search) history[how](null, "", address);
  }
}
