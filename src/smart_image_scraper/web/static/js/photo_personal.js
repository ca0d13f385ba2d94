// What is personal of a photo: the server opens it for curators, and only where it has the key.

import { html } from "./dom.js";
import { moment, sentence } from "./format.js";
import { markedUp } from "./markup.js";
import { inCode } from "./notices.js";
import { Table } from "./metadata.js";
import { t } from "./texts.js";

const OWNER = ["name", "real_name", "path_alias", "id"];

export function Personal({ app, personal, why }) {
  if (!personal && (!why || app.session.role !== "curator")) return null;
  if (!personal)
    return html`
      <section class="block">
        <h3>${t("photo.personal")}</h3>
        <p class="muted">${inCode(sentence(why))}</p>
      </section>
    `;
  const { owner, exif, comments, notes } = personal;
  return html`
    <section class="block">
      <h3>${t("photo.personal")}</h3>
      ${
        owner &&
        html`
          <dl class="facts">
            ${OWNER.filter((name) => owner[name]).map(
              (name) => html`
                <div>
                  <dt>${t(`photo.owner.${name}`)}</dt>
                  <dd><bdi>${owner[name]}</bdi></dd>
                </div>
              `,
            )}
          </dl>
        `
      }
      <${Remarks} title=${t("photo.comments")} remarks=${comments} />
      <${Remarks} title=${t("photo.notes")} remarks=${notes} />
    </section>
    ${
      exif?.length > 0 &&
      html`
        <${Table} app=${app} title=${t("photo.exif")} rows=${exif} folded />
      `
    }
  `;
}

function Remarks({ title, remarks }) {
  if (!remarks?.length) return null;
  return html`
    <h4>${title}</h4>
    <ul class="remarks">
      ${remarks.map(
        (remark) => html`
          <li>
            <p dir="auto">${markedUp(remark.text ?? "")}</p>
            <p class="muted">
              <bdi>${remark.author_name ?? ""}</bdi>
              ${" "}${remark.written_at ? moment(remark.written_at) : ""}
            </p>
          </li>
        `,
      )}
    </ul>
  `;
}
