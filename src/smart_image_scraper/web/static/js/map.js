// Serve: the map of all matching photos. The board draws; here is what stands around it.

import { html, useEffect, useRef, useState } from "./dom.js";
import { MapCard } from "./map_card.js";
import { MapList } from "./map_list.js";
import { MapSession } from "./map_session.js";
import { Legend, MapTools } from "./map_tools.js";
import { t } from "./texts.js";

export default function MapView({ app }) {
  const element = useRef(null);
  const [held, setHeld] = useState(null);
  const [, redraw] = useState(0);
  const ready = Boolean(app.schema);
  useEffect(() => {
    if (!ready) return undefined;
    const made = new MapSession(app, element.current, () => redraw((count) => count + 1));
    setHeld(made);
    return () => made.end();
  }, [ready]);
  useEffect(() => held?.follow());
  return html`<div class="map-view">
    <div class="map-place">
      <div class="map-board" ref=${element} role="application" aria-label=${t("map.label")}></div>
      ${held && html`<${MapTools} app=${app} session=${held} />`}
      ${held?.answer && html`<${Legend} app=${app} answer=${held.answer} palette=${held.palette} />`}
      ${held?.hint && html`<${Hint} hint=${held.hint} />`}
      ${held?.chosen && html`<${MapCard} app=${app} session=${held} key=${held.chosen.key} />`}
      ${held?.answer && html`<${Count} session=${held} />`}
    </div>
    ${held?.answer && html`<${MapList} app=${app} session=${held} />`}
  </div>`;
}

function Count({ session }) {
  const { answer } = session;
  const none = answer.with_place > 0 && (answer.points ?? answer.cells).length === 0;
  return html`<p class="map-count map-panel" role="status">
    ${none ? t("map.noneHere") : countWords(answer)}
    ${none && html`<button type="button" class="link-button" onClick=${() => session.showAll()}>${t("keys.mapAll")}</button>`}
  </p>`;
}

function countWords({ with_place: placed, matching }) {
  if (matching === 0) return t("count.none");
  return placed === matching ? t("map.allPlaced", { n: placed }) : t("map.placed", { n: placed, all: matching });
}

/** What lies under the mouse. */
function Hint({ hint: { circle, at } }) {
  const words = circle.cell ? t("map.cell", { n: circle.weight }) : circle.point.title || t("gallery.untitled");
  const place = useRef(null);
  useEffect(() => {
    place.current.style.transform = `translate(${at.x}px, ${at.y}px)`;
  });
  return html`<div class="map-hint" aria-hidden="true" ref=${place}><bdi>${words}</bdi></div>`;
}
