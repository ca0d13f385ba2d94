// Serve: the queue as tiles, of which several can be selected.

import { html, useEffect, useRef } from "./dom.js";
import { t } from "./texts.js";

const EDGE = 160;

export function Tiles({ app, session }) {
  const { queue } = session;
  const place = useRef(null);
  useEffect(() => {
    place.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [queue.cursor, queue.items.length]);
  if (queue.items.length === 0) return null;
  return html`<section class="tiles" aria-label=${t("review.queue")}>
    <div class="tiles-head">
      <p class="muted">${t("review.place", { n: Math.min(queue.cursor + 1, queue.items.length), all: queue.items.length })}</p>
      <button type="button" class="button" aria-pressed=${session.selecting} onClick=${() => session.selectSeveral(!session.selecting)}>${t("review.select")}</button>
      <button type="button" class="button" onClick=${() => session.selectAll()}>${t("review.selectAll")}</button>
      ${queue.selected.size > 0 && html`<button type="button" class="button" onClick=${() => session.deselect()}>${t("review.deselect")}</button>`}
    </div>
    <ul class="tiles-list" ref=${place} data-tiles>
      ${queue.items.map((item, index) => html`<${Tile} key=${item.card.id} app=${app} session=${session} item=${item} index=${index} />`)}
    </ul>
  </section>`;
}

function Tile({ app, session, item: { card, said }, index }) {
  const { queue, concept } = session;
  const url = app.thumbs.url(card, EDGE);
  const verdict = (concept === null ? null : card.verdicts?.[concept]) ?? card.verdict;
  const selected = queue.selected.has(card.id);
  const current = index === queue.cursor;
  const words = [card.title || t("gallery.untitled"), verdict && t(`verdicts.${verdict}`)].filter(Boolean).join(": ");
  return html`<li>
    <button
      type="button" class=${`tile ${said ? "tile-said" : ""} ${selected ? "tile-selected" : ""}`}
      aria-label=${words} aria-pressed=${selected} aria-current=${current ? "true" : undefined}
      onClick=${(event) => session.look(index, event)}
    >
      ${url && html`<img src=${url} alt="" />`}
      ${verdict && html`<span class=${`tile-verdict verdict-${verdict}`} aria-hidden="true">${verdict === "accept" ? "✓" : "✕"}</span>`}
    </button>
  </li>`;
}

/** How many tiles stand side by side, for the keys up and down. */
export function rowLength() {
  const tiles = [...document.querySelectorAll("[data-tiles] > li")];
  const inFirst = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop);
  return Math.max(1, inFirst.length);
}
