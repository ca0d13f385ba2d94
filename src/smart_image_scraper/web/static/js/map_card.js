// Serve: the photo, or photos, at a place on the map that was clicked.

import { html, useEffect, useState } from "./dom.js";
import { countryName, taken } from "./format.js";
import { Icon } from "./icons.js";
import { t } from "./texts.js";

const EDGE = 320;

export function MapCard({ app, session }) {
  const { circles, index } = session.chosen;
  const circle = circles[index];
  const id = circle.point?.id ?? circle.cell.photo;
  const card = useCard(app, id);
  const title = card?.title || t("gallery.untitled");
  const url = card && app.thumbs.url(card, EDGE);
  return html`<section class="map-card map-panel" aria-label=${t("map.card")}>
    <button type="button" class="map-card-picture" onClick=${() => app.openPhoto(id)} aria-label=${t("gallery.open", { title })}>
      ${url ? html`<img src=${url} alt="" />` : html`<span class="muted">${card ? t("gallery.noFile") : t("app.loading")}</span>`}
    </button>
    <div class="map-card-words">
      <h2><bdi>${card ? title : "…"}</bdi></h2>
      ${card && html`<p class="muted">${facts(card, app.schema)}</p>`}
      ${circle.cell && html`<p>${t("map.cell", { n: circle.weight })}</p>`}
      <div class="map-card-buttons">
        <button type="button" class="button button-main" onClick=${() => app.openPhoto(id)}>${t("map.openPhoto")}</button>
        ${circle.cell && html`<button type="button" class="button" onClick=${() => session.filterBy(circle.cell)}>${t("map.onlyThese")}</button>`}
        ${circles.length > 1 && html`<${Steps} session=${session} />`}
      </div>
    </div>
    <button type="button" class="icon-button map-card-close" aria-label=${t("app.close")} onClick=${() => session.unchoose()}><${Icon} name="close" /></button>
  </section>`;
}

function Steps({ session }) {
  const { circles, index } = session.chosen;
  return html`<span class="map-steps">
    <button type="button" class="icon-button" aria-label=${t("photo.previous")} onClick=${() => session.step(-1)}><${Icon} name="left" /></button>
    <span>${t("map.step", { n: index + 1, all: circles.length })}</span>
    <button type="button" class="icon-button" aria-label=${t("photo.next")} onClick=${() => session.step(1)}><${Icon} name="right" /></button>
  </span>`;
}

function facts({ taken: when, granularity, country, terms }, schema) {
  const known = [taken(when, granularity), country && countryName(country, schema), terms.join(", ")];
  return known.filter(Boolean).join(" · ");
}

function useCard(app, id) {
  const [found, setFound] = useState(null);
  useEffect(() => {
    let wanted = true;
    const look = async () => {
      const { card } = await app.api.get(`/api/photos/${encodeURIComponent(id)}`);
      if (!wanted) return;
      setFound(card);
      await app.thumbs.fetch([card], EDGE);
      if (wanted) setFound({ ...card });
    };
    look().catch((error) => app.failed(error));
    return () => {
      wanted = false;
    };
  }, [id]);
  return found?.id === id ? found : null;
}
