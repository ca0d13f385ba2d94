// Filters by what became of the file, and by what its inspection found.

import { Choices, OneOf } from "./choices.js";
import { html } from "./dom.js";
import { number } from "./format.js";
import { Section } from "./section.js";
import { flagOf, toggled, valueOf, valuesOf, withFlag, withValue } from "./state.js";
import { t } from "./texts.js";

const NAMES = [
  "without-duplicates",
  "with-file",
  "without-file",
  "gone",
  "not-gone",
  "stripped",
  "not-stripped",
  "signal",
  "without-signal",
  "disagrees",
];
const FLAGS = [
  { label: "file", yes: "with-file", no: "without-file", yesText: "withFile", noText: "withoutFile" },
  { label: "gone", yes: "gone", no: "not-gone", yesText: "isGone", noText: "notGone" },
  { label: "stripped", yes: "stripped", no: "not-stripped", yesText: "isStripped", noText: "notStripped" },
];

export function QualitySection({ app }) {
  const { filter } = app.state;
  const active = filter.filter(([name]) => NAMES.includes(name)).length;
  const hidden = valueOf(filter, "without-duplicates") !== null;
  const duplicates = app.facets?.duplicates;
  return html`
    <${Section}
      app=${app}
      name="quality"
      title=${t("filters.quality")}
      facets=${["duplicates", "signal", "disagrees"]}
      active=${active}
    >
      <label class="choice choice-alone">
        <input
          type="checkbox"
          checked=${hidden}
          onChange=${() => app.change({ filter: withValue(filter, "without-duplicates", hidden ? null : "1") })}
        />
        <span class="choice-label">${t("filters.duplicates")}</span>
        <span class="choice-count">${duplicates === undefined ? "" : number(duplicates)}</span>
      </label>
      ${FLAGS.map(
        (flag) => html`
          <${Flag} app=${app} flag=${flag} />
        `,
      )}
      <${Signals} app=${app} />
      <${Several}
        app=${app}
        name="disagrees"
        words=${app.schema.disagreements}
        texts="disagreements"
        single
      />
    <//>
  `;
}

function Flag({ app, flag: { label, yes, no, yesText, noText } }) {
  const { filter } = app.state;
  const options = [
    [null, t("filters.either")],
    [true, t(`filters.${yesText}`)],
    [false, t(`filters.${noText}`)],
  ];
  return html`
    <${OneOf}
      label=${t(`filters.${label}`)}
      options=${options}
      value=${flagOf(filter, yes, no)}
      onChoose=${(value) => app.change({ filter: withFlag(filter, { yes, no, value }) })}
    />
  `;
}

function Signals({ app }) {
  return html`
    <${Several} app=${app} name="signal" words=${app.schema.signals} texts="signals" />
    <${Several} app=${app} name="without-signal" words=${app.schema.signals} texts="signals" />
  `;
}

const TITLES = { signal: "signal", "without-signal": "withoutSignal", disagrees: "disagrees" };

// `single`: the filter takes only one of them.
function Several({ app, name, words, texts, single = false }) {
  const { filter } = app.state;
  const chosen = valuesOf(filter, name);
  const counts = new Map(app.facets?.[name] ?? []);
  const items = words
    .map((word) => word.value ?? word)
    .map((value) => ({
      value,
      label: t(`${texts}.${value}`),
      count: counts.get(value) ?? (app.facets?.[name] ? 0 : null),
    }));
  const choose = (value) =>
    app.change({
      filter: single
        ? withValue(filter, name, chosen.includes(value) ? null : value)
        : toggled(filter, name, value),
    });
  if (items.length === 0) return null;
  return html`
    <fieldset class="sub-section">
      <legend>${t(`filters.${TITLES[name]}`)}</legend>
      <${Choices} label=${t(`filters.${TITLES[name]}`)} items=${items} chosen=${chosen} onToggle=${choose} />
    </fieldset>
  `;
}
