// All filters at once: beside the view where there is room, else as a sheet over it.

import { Dialog } from "./dialog.js";
import { html } from "./dom.js";
import { Icon } from "./icons.js";
import {
  CameraSection,
  CountrySection,
  LicenseSection,
  ReviewSection,
  SiteSection,
  TermSection,
} from "./list_sections.js";
import { QualitySection } from "./quality_section.js";
import { ScoresSection, TakenSection, ViewsSection } from "./range_sections.js";
import { t } from "./texts.js";

const SECTIONS = [
  ScoresSection,
  CountrySection,
  TermSection,
  SiteSection,
  TakenSection,
  ViewsSection,
  LicenseSection,
  ReviewSection,
  CameraSection,
  QualitySection,
];

export function Filters({ app, asSheet = false, onClose }) {
  const sections = html`
    <div class="filters">
      ${SECTIONS.map(
        (section) => html`
          <${section} app=${app} key=${section.name} />
        `,
      )}
    </div>
  `;
  if (!asSheet) return app.schema ? sections : null;
  const clear = () => app.change({ filter: [] });
  return html`
    <${Dialog} kind="sheet" label=${t("filters.label")} onClose=${onClose}>
      <div class="dialog-head">
        <h2>${t("filters.label")}</h2>
        ${
          app.state.filter.length > 0 &&
          html`
            <button type="button" class="link-button" onClick=${clear}>${t("filters.clear")}</button>
          `
        }
        <button type="button" class="icon-button" aria-label=${t("app.close")} onClick=${onClose}>
          <${Icon} name="close" />
        </button>
      </div>
      ${app.schema && sections}
      <div class="sheet-foot">
        <button type="button" class="button button-main" onClick=${onClose}>
          ${t("filters.showPhotos", { n: app.matching ?? 0 })}
        </button>
      </div>
    <//>
  `;
}
