// Serve: one showing of the map: what was asked, what was answered, what is chosen.

import { Follower } from "./follow.js";
import { bindKeys } from "./keys.js";
import { Board, paletteFor } from "./map_board.js";
import { boxOf, readBox, wordsOf } from "./map_geometry.js";
import { valueOf, withValue, writePairs } from "./state.js";

const MOVED_MS = 400;
const WORLD = "-180,-85,180,85";

export class MapSession {
  answer = null;
  chosen = null; // { circles, index, key }
  hint = null;
  selecting = false;
  palette = [];
  #app;
  #board;
  #changed;
  #asked = null;
  #follower;
  #timer = null;
  #quiet = false; // whether the next move is the map's own
  #at = null; // where the address has the map
  #ends;
  #ended = false; // the map is gone; what is on its way comes too late

  constructor(app, element, changed) {
    this.#app = app;
    this.#changed = changed;
    this.#follower = new Follower(() => this.#ask(), { failed: (error) => app.failed(error) });
    this.#board = new Board(element, {
      tiles: app.session?.tiles,
      told: {
        moved: () => this.#moved(),
        picked: (circles) => this.pick(circles),
        pointed: (circle, at) => this.#point(circle, at),
        drew: (edges) => this.#drew(edges),
      },
    });
    this.#goToStart();
    this.#ends = [
      bindKeys("map", {
        zoomIn: () => this.#board.zoom(1),
        zoomOut: () => this.#board.zoom(-1),
        mapAll: () => this.showAll(),
        mapSelect: () => this.select(!this.selecting),
        mapLayer: () => this.switchLayer(),
        close: () => this.#close(),
      }),
      watchTheme(() => this.#board.repaint()),
    ];
  }

  end() {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#ends.forEach((end) => end());
    this.#board.remove();
  }

  /** Look whether the filter, the colours or the place have changed; ask for what is lacking. */
  follow() {
    if (this.#ended) return;
    const { state } = this.#app;
    if (state.at && state.at !== this.#at) this.#board.goTo((this.#at = state.at));
    const box = readBox(valueOf(state.filter, "bbox"));
    const chosen = this.chosen?.circles[this.chosen.index].point?.id ?? null;
    this.#board.look({ layer: state.layer, box, chosen, palette: this.palette });
    const wish = this.#wish();
    if (wish !== this.#asked) this.#follower.ask();
  }

  pick(circles) {
    const [first] = circles;
    if (!first) this.#choose(null);
    else if (first.cell && !this.#board.isClosest) this.openCell(first.cell);
    else this.#choose({ circles: circles.filter((circle) => Boolean(circle.cell) === Boolean(first.cell)), index: 0 });
  }

  openCell({ west, south, east, north }) {
    this.#choose(null);
    this.#board.showBox([west, south, east, north]);
  }

  step(by) {
    const { circles, index } = this.chosen;
    this.#choose({ circles, index: (index + by + circles.length) % circles.length });
  }

  unchoose() {
    this.#choose(null);
  }

  zoom(steps) {
    this.#board.zoom(steps);
  }

  select(selecting) {
    this.selecting = selecting;
    this.#board.armed = selecting;
    this.#changed();
  }

  /** Filter by what the map shows. */
  takeView() {
    this.#filterBy(this.#board.view.box);
  }

  filterBy({ west, south, east, north }) {
    this.#filterBy([west, south, east, north]);
  }

  switchLayer() {
    const layer = this.#app.state.layer === "density" ? "photos" : "density";
    this.#app.change({ layer }, { replace: true });
  }

  /** Go to where all matching photos are. */
  async showAll() {
    try {
      const words = writePairs([...this.#app.state.filter, ["view", WORLD], ["cells", 96]]);
      const answer = await this.#app.api.get("/api/map", words);
      if (!this.#ended) this.#board.showPlaces(answer);
    } catch (error) {
      this.#app.failed(error);
    }
  }

  #wish() {
    const { box, cells } = this.#board.view;
    const { filter, color } = this.#app.state;
    const revision = this.#app.server?.revision ?? "";
    return `${revision} ${writePairs([...filter, ["view", wordsOf(box)], ["cells", cells], ["color", color]])}`;
  }

  async #ask() {
    if (this.#ended) return;
    const { color } = this.#app.state;
    this.#asked = this.#wish();
    const answer = await this.#app.api.get("/api/map", this.#asked.slice(this.#asked.indexOf(" ") + 1));
    if (this.#ended) return;
    this.answer = answer;
    this.palette = paletteFor(color, answer.colors);
    this.#board.look({ palette: this.palette });
    this.#board.show(this.answer);
    this.#changed();
  }

  #goToStart() {
    const box = readBox(valueOf(this.#app.state.filter, "bbox"));
    if (this.#app.state.at) return;
    this.#quiet = true;
    if (box) this.#board.showBox(box);
    else this.showAll();
  }

  #moved() {
    this.hint = null;
    this.#follower.ask();
    clearTimeout(this.#timer);
    const quiet = this.#quiet;
    this.#quiet = false;
    if (quiet) return;
    this.#timer = setTimeout(() => {
      this.#at = this.#board.at;
      this.#app.change({ at: this.#at }, { replace: true });
    }, MOVED_MS);
  }

  #point(circle, at) {
    if (!circle && !this.hint) return;
    this.hint = circle ? { circle, at } : null;
    this.#changed();
  }

  #drew(edges) {
    if (this.selecting) this.select(false);
    if (edges) this.#filterBy(boxOf(edges));
  }

  #filterBy(box) {
    const { filter } = this.#app.state;
    this.#app.change({ filter: withValue(filter, "bbox", wordsOf(box)) });
  }

  #choose(chosen) {
    this.chosen = chosen && { ...chosen, key: chosen.circles[chosen.index].point?.id ?? "cell" };
    this.#changed();
  }

  #close() {
    if (this.selecting) this.select(false);
    else if (this.chosen) this.#choose(null);
    else return false;
    return true;
  }
}

/** Called when light becomes dark, by the system or the person. */
function watchTheme(changed) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const person = new MutationObserver(changed);
  system.addEventListener("change", changed);
  person.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    system.removeEventListener("change", changed);
    person.disconnect();
  };
}
