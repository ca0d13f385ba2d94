// The gallery: a grid of photos, from one to 8×8 or as many as fit, with pages and keys.

import { Card, SHOWN_SCORES } from "./card.js";
import { Component, createRef, html } from "./dom.js";
import { bindKeys } from "./keys.js";
import { NoMatch } from "./empty.js";
import { Pager } from "./pager.js";
import { t } from "./texts.js";
import { edgeFor } from "./thumbs.js";
import { GRIDS } from "./toolbar.js";

const GAP = 8;
const PHONE = 600;
const COMFORTABLE = [150, 250]; // the width of a photo, in pixels, where as many as fit are shown
const ON_PHONES = { columns: 3, rows: 8 }; // there, what fits is little, and scrolling is easy
const LINE = { scores: 16, field: 18, around: 11 }; // of what stands under a photo
const SMALL = 96; // below, nothing stands under a photo: nobody could read it
const ABOVE = 106; // the toolbar and a row of chips, there or not: they come and go while a slider moves
const FOOT = 72; // the pages' row
const MOST = 256;
const SETTLED_MS = 150;

export default class Gallery extends Component {
  place = createRef();

  componentDidMount() {
    if (this.canMeasure) this.measure();
    this.watcher = new ResizeObserver(() => this.laterMeasure());
    this.watcher.observe(this.place.current.parentElement);
    addEventListener("resize", this.laterMeasure);
    this.unbind = bindKeys("gallery", this.handlers());
  }

  componentDidUpdate() {
    if (this.canMeasure && this.shape() !== this.measured) this.measure();
    if (this.focusNext !== undefined && this.props.app.results !== this.leaving) this.focusAfterPage();
  }

  componentWillUnmount() {
    this.watcher.disconnect();
    removeEventListener("resize", this.laterMeasure);
    clearTimeout(this.timer);
    this.unbind();
  }

  laterMeasure = () => {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.canMeasure && this.measure(), SETTLED_MS);
  };

  // How many rows fit depends on how many scores stand under a photo; a grid of a given size on nothing.
  get canMeasure() {
    const { schema, state } = this.props.app;
    return schema || (state.grid !== "auto" && GRIDS.includes(state.grid));
  }

  shape() {
    const { grid, show } = this.props.app.state;
    return `${grid} ${show.join()} ${this.props.app.schema?.concepts.length}`;
  }

  // Tells the app how many photos there is room for, and how big they are.
  measure() {
    this.measured = this.shape();
    const { app } = this.props;
    const width = this.place.current.clientWidth;
    const { columns, rows } = this.shapeFor(width);
    const side = sideOf(width, columns);
    const edge = edgeFor(side * devicePixelRatio);
    app.setLayout({ columns, limit: Math.min(MOST, columns * rows), edge, small: side < SMALL });
  }

  shapeFor(width) {
    const { grid } = this.props.app.state;
    if (grid !== "auto" && GRIDS.includes(grid)) return { columns: Number(grid), rows: Number(grid) };
    if (width < PHONE) return ON_PHONES;
    const [least, most] = COMFORTABLE.map((side) => Math.max(2, Math.round((width + GAP) / (side + GAP))));
    const shapes = Array.from({ length: least - most + 1 }, (_, more) => this.fitting(width, most + more));
    return shapes.reduce((best, shape) => (shape.left < best.left ? shape : best));
  }

  // How many rows of so many columns fit, and how much of the height stays empty.
  fitting(width, columns) {
    const height = sideOf(width, columns) + this.captionHeight() + GAP;
    const top = this.place.current.parentElement.getBoundingClientRect().top + scrollY;
    const room = innerHeight - top - ABOVE - FOOT + GAP;
    const rows = Math.max(2, Math.floor(room / height));
    const left = room - rows * height;
    return { columns, rows, left: left < 0 ? room - left : left }; // what does not fit is worst
  }

  captionHeight() {
    const { schema, state } = this.props.app;
    const scores = Math.min(SHOWN_SCORES, schema?.concepts.length ?? 0);
    const heights = state.show.map((field) => (field === "scores" ? scores * LINE.scores : LINE.field));
    return heights.reduce((sum, height) => sum + height, heights.length ? LINE.around : 0);
  }

  handlers() {
    const { app } = this.props;
    const step = (places) => () => this.move(places());
    return {
      left: step(() => (document.dir === "rtl" ? 1 : -1)),
      right: step(() => 1),
      up: step(() => -app.layout.columns),
      down: step(() => app.layout.columns),
      firstPhoto: () => this.focus(0),
      lastPhoto: () => this.focus(app.results.photos.length - 1),
      open: () => this.openFocused(),
      nextPage: () => this.turn(1),
      previousPage: () => this.turn(-1),
      bigger: () => this.zoom(-1),
      smaller: () => this.zoom(1),
    };
  }

  focused() {
    return this.cards().indexOf(document.activeElement?.closest("[data-photo]"));
  }

  cards() {
    return [...this.place.current.querySelectorAll("[data-photo]")];
  }

  focus(place) {
    this.cards()[place]?.querySelector("a")?.focus();
  }

  move(places) {
    if (document.activeElement?.closest("input, select, summary, [role=group]")) return false;
    const at = this.focused();
    const count = this.cards().length;
    if (at < 0) return this.focus(0);
    const next = at + places;
    if (next < 0) return this.turn(-1, count + next);
    if (next >= count) return this.turn(1, next - count);
    return this.focus(next);
  }

  openFocused() {
    const at = this.focused();
    if (at < 0) return false;
    return this.props.app.openPhoto(this.props.app.results.photos[at].id);
  }

  turn(pages, focusNext) {
    const { app } = this.props;
    const page = app.state.page + pages;
    if (page < 1 || page > (app.results?.pages ?? 1)) return undefined;
    if (focusNext !== undefined) [this.focusNext, this.leaving] = [focusNext, app.results];
    return this.show(page);
  }

  show(page) {
    this.props.app.change({ page });
    scrollTo({ top: 0 });
  }

  focusAfterPage() {
    const place = Math.min(this.focusNext, this.cards().length - 1);
    this.focusNext = undefined;
    this.focus(place);
  }

  zoom(steps) {
    const { app } = this.props;
    const columns = Math.min(8, Math.max(1, app.layout.columns + steps));
    app.change({ grid: String(columns), page: 1 });
  }

  render({ app }) {
    const { results, layout } = app;
    return html`
      <section class="gallery" ref=${this.place} aria-label=${t("gallery.label")}>
        ${
          results && results.matching === 0
            ? html`
                <${NoMatch} app=${app} />
              `
            : (results || !app.notices.problem) &&
              html`
                <${Grid}
                  app=${app}
                  results=${results}
                  layout=${layout}
                  show=${app.state.show}
                  schema=${app.schema}
                  arrived=${app.thumbs.arrived}
                />
              `
        }
        ${
          results &&
          results.pages > 1 &&
          html`
            <${Pager} page=${app.state.page} pages=${results.pages} onTurn=${(page) => this.show(page)} />
          `
        }
      </section>
    `;
  }
}

function sideOf(width, columns) {
  const gap = columns > 6 && width < PHONE ? GAP / 2 : GAP;
  return (width - gap * (columns - 1)) / columns;
}

// Drawn anew only when it shows something else: a slider that moves changes much around it.
class Grid extends Component {
  shouldComponentUpdate(next) {
    return Object.keys(next).some((name) => next[name] !== this.props[name]);
  }

  render({ app, results, layout, show }) {
    if (!layout) return null;
    const { columns, small } = layout;
    const dense = columns > 6 && small;
    const photos = results?.photos ?? Array.from({ length: layout.limit }, () => null);
    const names = `grid ${dense ? "grid-dense" : ""} ${columns <= 2 ? "grid-whole" : ""} ${results ? "" : "grid-waiting"}`;
    // Keyed by place, not by photo: the nodes stay, only what they show changes.
    return html`
      <ol class=${names} data-grid style=${{ "--columns": columns }}>
        ${photos.map(
          (photo, place) => html`
            <${Card}
              key=${place}
              app=${app}
              photo=${photo}
              edge=${results?.edge}
              fields=${small ? [] : show}
              single=${columns === 1}
            />
          `,
        )}
      </ol>
    `;
  }
}
