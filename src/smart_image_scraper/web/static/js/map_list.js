// Serve: what the map shows, as a list: for those who cannot see it, or would rather read.

import { html, useState } from "./dom.js";
import { countryName, number, taken } from "./format.js";
import { placeWords } from "./map_geometry.js";
import { t } from "./texts.js";

const MOST_ROWS = 100;

export function MapList({ app, session }) {
  const [open, setOpen] = useState(false);
  const { points, cells } = session.answer;
  const places = points ?? [...cells].sort((one, other) => other.count - one.count);
  return html`<details class="map-list" open=${open} onToggle=${(event) => setOpen(event.target.open)}>
    <summary>${points ? t("map.listPhotos", { n: places.length }) : t("map.listCells", { n: places.length })}</summary>
    ${open && html`
      <div class="map-list-table" tabindex="0" role="region" aria-label=${t("map.list")}><table>
        ${points ? html`<${Photos} app=${app} points=${places.slice(0, MOST_ROWS)} />` : html`<${Cells} session=${session} cells=${places.slice(0, MOST_ROWS)} />`}
      </table></div>
      ${places.length > MOST_ROWS && html`<p class="muted">${t("map.listMore", { n: places.length - MOST_ROWS })}</p>`}
    `}
  </details>`;
}

function Photos({ app, points }) {
  return html`
    <thead><tr>${["title", "taken", "country"].map((name) => html`<th scope="col">${t(`fields.${name}`)}</th>`)}<th scope="col">${t("map.position")}</th></tr></thead>
    <tbody>
      ${points.map((point) => html`<tr key=${point.id}>
        <th scope="row"><button type="button" class="link-button" onClick=${() => app.openPhoto(point.id)}><bdi>${point.title || t("gallery.untitled")}</bdi></button></th>
        <td>${taken(point.taken) ?? ""}</td>
        <td>${point.country ? countryName(point.country, app.schema) : ""}</td>
        <td>${placeWords(point.latitude, point.longitude)}</td>
      </tr>`)}
    </tbody>
  `;
}

function Cells({ session, cells }) {
  return html`
    <thead><tr><th scope="col">${t("map.position")}</th><th scope="col">${t("charts.photos")}</th><th scope="col">${t("map.commonest")}</th></tr></thead>
    <tbody>
      ${cells.map((cell) => html`<tr key=${`${cell.west},${cell.south}`}>
        <th scope="row"><button type="button" class="link-button" onClick=${() => session.openCell(cell)}>${placeWords(cell.latitude, cell.longitude)}</button></th>
        <td>${number(cell.count)}</td>
        <td><bdi>${session.answer.colors[cell.color] ?? ""}</bdi></td>
      </tr>`)}
    </tbody>
  `;
}
