// Serve: the buttons on the map, and what its colours mean.

import { html } from "./dom.js";
import { Icon } from "./icons.js";
import { toggled, valueOf, valuesOf, withValue } from "./state.js";
import { t } from "./texts.js";

export function MapTools({ app, session }) {
  const { color, filter, layer } = app.state;
  const boxed = valueOf(filter, "bbox") !== null;
  return html`
    <div class="map-zoom map-panel">
      <button type="button" class="icon-button" aria-label=${t("keys.zoomIn")} title=${t("keys.zoomIn")} onClick=${() => session.zoom(1)}>+</button>
      <button type="button" class="icon-button" aria-label=${t("keys.zoomOut")} title=${t("keys.zoomOut")} onClick=${() => session.zoom(-1)}>−</button>
      <button type="button" class="icon-button" aria-label=${t("keys.mapAll")} title=${t("keys.mapAll")} onClick=${() => session.showAll()}><${Icon} name="expand" /></button>
    </div>
    <div class="map-tools map-panel" role="toolbar" aria-label=${t("map.tools")}>
      <label class="map-color">
        <span>${t("map.colorBy")}</span>
        <select class="field" value=${color} onChange=${(event) => app.change({ color: event.target.value }, { replace: true })}>
          ${["term", ...app.schema.concepts.map(({ concept }) => concept)].map(
            (each) => html`<option value=${each} selected=${each === color}>${each === "term" ? t("map.byTerm") : t("map.byConcept", { concept: each })}</option>`,
          )}
        </select>
      </label>
      <button type="button" class="button" aria-pressed=${layer === "density"} onClick=${() => session.switchLayer()}>${t("map.density")}</button>
      <button type="button" class="button" aria-pressed=${session.selecting} title=${t("map.selectTitle")} onClick=${() => session.select(!session.selecting)}>${t("map.select")}</button>
      ${boxed
        ? html`<button type="button" class="button" onClick=${() => app.change({ filter: withValue(filter, "bbox", null) })}>${t("map.clearBox")}</button>`
        : html`<button type="button" class="button" title=${t("map.takeViewTitle")} onClick=${() => session.takeView()}>${t("map.takeView")}</button>`}
    </div>
    ${session.selecting && html`<p class="map-message map-panel" role="status">${t("map.selecting")}</p>`}
  `;
}

export function Legend({ app, answer, palette }) {
  const { color, filter, layer } = app.state;
  if (layer === "density") return html`<${DensityLegend} app=${app} />`;
  const picked = valuesOf(filter, "term");
  const terms = new Set(app.schema.terms.map(({ value }) => value));
  return html`<section class="map-legend map-panel" aria-label=${t("map.legend")}>
    <ul>
      ${answer.colors.map(
        (name, index) => html`<li key=${name}>
          ${color === "term" && terms.has(name)
            ? html`<button type="button" class="map-key" aria-pressed=${picked.includes(name)} title=${t("map.onlyTerm", { term: name })}
                onClick=${() => app.change({ filter: toggled(filter, "term", name) })}><${Dot} color=${palette[index % palette.length]} /><bdi>${name}</bdi></button>`
            : html`<span class="map-key"><${Dot} color=${palette[index % palette.length]} /><bdi>${name}</bdi></span>`}
        </li>`,
      )}
      ${(answer.points ?? answer.cells).some((place) => place.color === null) &&
      html`<li><span class="map-key"><span class="map-dot map-dot-unknown"></span>${t("map.unknown")}</span></li>`}
    </ul>
    <${Source} app=${app} />
  </section>`;
}

function DensityLegend({ app }) {
  return html`<section class="map-legend map-panel" aria-label=${t("map.legend")}>
    <div class="map-ramp"><span>${t("map.few")}</span><span class="map-ramp-colors"></span><span>${t("map.many")}</span></div>
    <${Source} app=${app} />
  </section>`;
}

function Source({ app }) {
  const tiles = app.session.tiles;
  return html`<p class="map-source" title=${tiles ? undefined : t("map.shapesTitle")}>${tiles ? tiles.attribution : t("map.shapes")}</p>`;
}

function Dot({ color }) {
  return html`<span class="map-dot" style=${{ background: color }}></span>`;
}
