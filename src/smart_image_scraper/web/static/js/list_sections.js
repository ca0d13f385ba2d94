// Filters by lists: countries, search terms, licences, cameras, verdicts.

import { Choices } from "./choices.js";
import { html } from "./dom.js";
import { countryName, siteName } from "./format.js";
import { Section } from "./section.js";
import { toggled, valuesOf, withValues } from "./state.js";
import { t } from "./texts.js";

/** A section with one list; `options` are {value, label}, in the order of the whole data. */
function ListSection({ app, name, options, children }) {
  const chosen = valuesOf(app.state.filter, name);
  const facet = app.facets?.[name];
  const counts = new Map(facet ?? []);
  const known = new Set(options.map(({ value }) => value));
  const others = chosen.filter((value) => !known.has(value)).map((value) => ({ value, label: value }));
  const items = [...options, ...others].map((option) => ({
    ...option,
    count: facet ? (counts.get(option.value) ?? 0) : null,
  }));
  if (items.length === 0) return null;
  return html`
    <${Section}
      app=${app}
      name=${name}
      title=${t(`filters.${name}`)}
      facets=${[name]}
      active=${chosen.length}
    >
      ${children}
      <${Choices}
        label=${t(`filters.${name}`)}
        items=${items}
        chosen=${chosen}
        onToggle=${(value) => app.change({ filter: toggled(app.state.filter, name, value) })}
      />
    <//>
  `;
}

export function CountrySection({ app }) {
  const options = app.schema.countries.map(({ code }) => ({
    value: code,
    label: countryName(code, app.schema),
  }));
  return html`
    <${ListSection} app=${app} name="country" options=${options} />
  `;
}

export function TermSection({ app }) {
  return html`
    <${ListSection} app=${app} name="term" options=${app.schema.terms.map(asOption)} />
  `;
}

export function CameraSection({ app }) {
  return html`
    <${ListSection} app=${app} name="camera" options=${app.schema.cameras.map(asOption)} />
  `;
}

function asOption({ value }) {
  return { value, label: value };
}

/** Only where photos of several sites are. */
export function SiteSection({ app }) {
  const { sites } = app.schema;
  const options = sites.length > 1 ? sites.map(({ value }) => ({ value, label: siteName(value) })) : [];
  return html`
    <${ListSection} app=${app} name="site" options=${options} />
  `;
}

export function LicenseSection({ app }) {
  const { licenses } = app.schema;
  const free = licenses.filter((license) => license.free).map(({ word }) => word);
  const options = licenses.map(({ word, name }) => ({ value: word, label: name }));
  const chosen = valuesOf(app.state.filter, "license");
  const allFree =
    free.length > 0 && free.length === chosen.length && free.every((word) => chosen.includes(word));
  const toggleFree = () =>
    app.change({ filter: withValues(app.state.filter, "license", allFree ? [] : free) });
  return html`
    <${ListSection} app=${app} name="license" options=${options}>
      ${
        free.length > 0 &&
        free.length < licenses.length &&
        html`
          <button type="button" class="chip chip-choice" aria-pressed=${allFree} onClick=${toggleFree}>
            ${t("filters.free")}
          </button>
        `
      }
    <//>
  `;
}

export function ReviewSection({ app }) {
  const options = ["accept", "reject", "none"].map((value) => ({ value, label: t(`verdicts.${value}`) }));
  return html`
    <${ListSection} app=${app} name="review" options=${options} />
  `;
}
