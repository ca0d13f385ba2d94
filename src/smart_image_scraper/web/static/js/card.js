// One photo of the grid: its picture, its marks, and the fields that the person chose.

import { html } from "./dom.js";
import { countryName, licenseName, number, score, taken } from "./format.js";
import { Icon } from "./icons.js";
import { writeState } from "./state.js";
import { t } from "./texts.js";

export const SHOWN_SCORES = 3;

export function Card({ app, photo, edge, fields, single }) {
  if (!photo)
    return html`
      <${Waiting} app=${app} fields=${fields} />
    `;
  const title = photo.title || t("gallery.untitled");
  const open = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    app.openPhoto(photo.id);
  };
  return html`
    <li class="card" data-photo=${photo.id}>
      <a
        class="tile"
        href=${`?${writeState({ ...app.state, photo: photo.id })}`}
        title=${title}
        onClick=${open}
      >
        <${Picture} app=${app} photo=${photo} edge=${edge} title=${title} />
        <${Marks} photo=${photo} />
      </a>
      <button
        type="button"
        class="tile-button"
        title=${t("gallery.similar")}
        aria-label=${`${t("gallery.similar")}: ${title}`}
        onClick=${() => app.showSimilar(photo.id)}
      >
        <${Icon} name="similar" />
      </button>
      ${
        fields.length > 0 &&
        html`
          <div class=${`caption ${single ? "caption-single" : ""}`}>
            ${fields.map(
              (field) => html`
                <${Field} app=${app} photo=${photo} field=${field} />
              `,
            )}
          </div>
        `
      }
    </li>
  `;
}

// The room that a photo will take, with what stands under it.
function Waiting({ app, fields }) {
  const scores = Math.min(SHOWN_SCORES, app.schema?.concepts.length ?? 0);
  const lines = fields.flatMap((field) =>
    field === "scores" ? Array(scores).fill("caption-score") : ["caption-field"],
  );
  return html`
    <li class="card card-waiting" aria-hidden="true">
      <div class="tile"></div>
      ${
        lines.length > 0 &&
        html`
          <div class="caption">
            ${lines.map(
              (name) => html`
                <p class=${name}>${"\u00a0"}</p>
              `,
            )}
          </div>
        `
      }
    </li>
  `;
}

// A thumbnail from the batch; for cells that are bigger than those, the file's own address.
function Picture({ app, photo, edge, title }) {
  const lost = photo.picture && edge && app.thumbs.isLost(photo, edge);
  if (!photo.picture || lost)
    return html`
      <span class="no-file">
        <${Icon} name=${lost ? "warning" : "gallery"} />
        <span>${t(lost ? "gallery.lostFile" : "gallery.noFile")}</span>
        <span class="visually-hidden">${title}</span>
      </span>
    `;
  const url = edge ? app.thumbs.url(photo, edge) : mediaUrl(photo, 1280);
  return html`
    <img
      src=${url ?? undefined}
      alt=${title}
      decoding="async"
      draggable="false"
      class=${url ? "" : "img-waiting"}
    />
  `;
}

/** The address of a photo's picture: 320, 640, 1280 or "full". */
export function mediaUrl(photo, size) {
  return `/media/${encodeURIComponent(photo.id)}/${size}?v=${photo.picture}`;
}

function Marks({ photo }) {
  return html`
    <span class="marks">
      ${
        photo.verdict &&
        html`
          <span class=${`mark mark-${photo.verdict}`} title=${t(`verdicts.${photo.verdict}`)}>
            <${Icon} name=${photo.verdict} />
            <span class="visually-hidden">${t(`verdicts.${photo.verdict}`)}</span>
          </span>
        `
      }
      ${
        photo.duplicates > 0 &&
        html`
          <span class="mark mark-plain" title=${t("gallery.duplicates", { n: photo.duplicates })}>
            <${Icon} name="stack" />
            ${photo.duplicates}
          </span>
        `
      }
      ${
        photo.gone &&
        html`
          <span class="mark mark-gone" title=${t("gallery.gone")}>
            <${Icon} name="warning" />
            <span class="visually-hidden">${t("gallery.gone")}</span>
          </span>
        `
      }
    </span>
  `;
}

function Field({ app, photo, field }) {
  if (field === "scores")
    return html`
      <${Scores} scores=${photo.scores} />
    `;
  const text = FIELDS[field]?.(photo, app.schema);
  if (field === "title")
    return html`
      <p class="caption-title" title=${text}><bdi>${text || t("gallery.untitled")}</bdi></p>
    `;
  return html`
    <p class="caption-field" title=${`${t(`fields.${field}`)}: ${text ?? t("gallery.unknown")}`}>
      <bdi>${text || "–"}</bdi>
    </p>
  `;
}

const FIELDS = {
  title: ({ title }) => title,
  taken: (photo) => taken(photo.taken, photo.granularity),
  country: ({ country }, schema) => country && countryName(country, schema),
  license: ({ license }, schema) => licenseName(license, schema),
  views: ({ views }) => (views === null ? null : `${number(views)} ${t("fields.views").toLocaleLowerCase()}`),
  terms: ({ terms }) => terms.join(", "),
  verdict: ({ verdict }) => t(`verdicts.${verdict ?? "none"}`),
  size: ({ width, height }) => width && `${width} × ${height}`,
  id: ({ id }) => id,
};

function Scores({ scores }) {
  return Object.entries(scores)
    .slice(0, SHOWN_SCORES)
    .map(
      ([concept, value]) => html`
        <p class="caption-score" title=${`${concept}: ${score(value)}`}>
          <bdi class="caption-concept">${concept}</bdi>
          <span class="meter" style=${{ "--value": value ?? 0 }}></span>
          <span class="caption-value">${score(value)}</span>
        </p>
      `,
    );
}
