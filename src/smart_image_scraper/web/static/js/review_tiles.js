// Serve: the queue as tiles, of which several can be selected.

import { html, useEffect, useRef } from "./dom.js";
import { t } from "./texts.js";

const EDGE = 160;

export function Tiles({ app, session }) {
  const { queue } = session;
  const place = useRef(null);
  useEffect(() => {
    if (place.current) keepInSight(place.current);
  }, [queue.cursor, queue.items.length]);
  if (queue.items.length === 0) return null;
  return html`<section class="queue" aria-label=${t("review.queue")}>
    <div class="queue-head">
      <p class="muted">${t("review.place", { n: Math.min(queue.cursor + 1, queue.items.length), all: queue.items.length })}</p>
      <button type="button" class="button" aria-pressed=${session.selecting} onClick=${() => session.selectSeveral(!session.selecting)}>${t("review.select")}</button>
      <button type="button" class="button" onClick=${() => session.selectAll()}>${t("review.selectAll")}</button>
      ${queue.selected.size > 0 && html`<button type="button" class="button" onClick=${() => session.deselect()}>${t("review.deselect")}</button>`}
    </div>
    <ul class="queue-list" ref=${place}>
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
      type="button" class=${`queue-tile ${said ? "queue-tile-said" : ""} ${selected ? "queue-tile-selected" : ""}`}
      aria-label=${words} aria-pressed=${selected} aria-current=${current ? "true" : undefined}
      onClick=${(event) => session.look(index, event)}
    >
      ${url && html`<img src=${url} alt="" />`}
      ${verdict && html`<span class=${`queue-tile-verdict said-${verdict}`} aria-hidden="true">${verdict === "accept" ? "✓" : "✕"}</span>`}
    </button>
  </li>`;
}

// The strip moves, never the page.
function keepInSight(strip) {
  const tile = strip.querySelector("[aria-current]")?.parentElement;
  if (tile) strip.scrollTo({ left: tile.offsetLeft - (strip.clientWidth - tile.offsetWidth) / 2 });
}
