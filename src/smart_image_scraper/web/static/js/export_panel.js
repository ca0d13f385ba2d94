// Serve: the photos that match, as a file.

import { Dialog } from "./dialog.js";
import { html, useState } from "./dom.js";
import { Icon } from "./icons.js";
import { writePairs } from "./state.js";
import { t } from "./texts.js";

export default function Export({ app, close }) {
  const [open, setOpen] = useState(false);
  return html`
    <button type="button" class="menu-item" disabled=${!app.schema} onClick=${() => setOpen(true)}><${Icon} name="download" />${t("export.open")}</button>
    ${open && html`<${Panel} app=${app} onClose=${close} />`}
  `;
}

function Panel({ app, onClose }) {
  const formats = app.schema.export_formats;
  const [chosen, setChosen] = useState(formats[0].word);
  const [personal, setPersonal] = useState(false);
  const format = formats.find(({ word }) => word === chosen);
  const withPersonal = personal && format.personal;
  const words = [...app.state.filter, ["format", chosen], ...(withPersonal ? [["personal", "1"]] : [])];
  return html`<${Dialog} kind="small" label=${t("export.title")} title=${t("export.title")} onClose=${onClose}>
    <div class="export">
      <p>${t("export.what", { n: app.matching ?? 0 })}</p>
      <fieldset class="export-formats">
        <legend>${t("export.format")}</legend>
        ${formats.map(({ word, name }) => html`<label key=${word} class="export-format">
          <input type="radio" name="format" value=${word} checked=${word === chosen} onChange=${() => setChosen(word)} />
          <span>${name}</span>
        </label>`)}
      </fieldset>
      ${app.session.personal && html`<label class="export-personal">
        <input type="checkbox" checked=${withPersonal} disabled=${!format.personal} onChange=${(event) => setPersonal(event.target.checked)} />
        <span>${t("export.personal")} <span class="muted">${t("export.personalNote")}</span></span>
      </label>`}
      <p class="muted">${t("export.note")}</p>
      <a class="button button-main" href=${`/api/export?${writePairs(words)}`} download onClick=${() => setTimeout(onClose)}>
        <${Icon} name="download" />${t("export.download")}
      </a>
    </div>
  <//>`;
}
