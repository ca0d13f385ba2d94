// Serve: the charts. Each counts the photos that match all conditions but the one on itself, and a
// click on a bar sets that condition, or takes it away.

import { Chart } from "./bars.js";
import {
  hourRows, monthRows, pickScore, pickValue, pickWord, pickYear, scoreRows, valueRows, withYears,
  wordRows, yearRows,
} from "./chart_rows.js";
import { html, useEffect, useRef, useState } from "./dom.js";
import { Follower } from "./follow.js";
import { countryName, licenseName } from "./format.js";
import { withScoreRange, withValues } from "./state.js";
import { t } from "./texts.js";

const MOST_BARS = 15;
const HAS_KEYBOARD = matchMedia("(hover: hover)").matches; // as far as a page can tell
const ASK_AGAIN_MS = 3000;
const SLOW = ["owners", "tags", "species"]; // they are counted when the others are there

export default function Charts({ app }) {
  const { facets, schema } = app;
  const slow = useSlowFacets(app);
  if (!facets?.month) return html`<p class="charts-wait" role="status">${t("app.loading")}</p>`;
  return html`<div class="charts">
    <${Years} app=${app} />
    <div class="charts-grid">
      ${schema.concepts.map(({ concept }) => html`<${Scores} key=${concept} app=${app} concept=${concept} />`)}
      <${Months} app=${app} />
      <${Hours} app=${app} />
      <${Values} app=${app} name="country" label=${(code) => countryName(code, schema)} />
      <${Values} app=${app} name="term" label=${(term) => term} />
      <${Values} app=${app} name="license" label=${(word) => licenseName(word, schema)} />
      <${Values} app=${app} name="camera" label=${(camera) => camera} />
      <${Owners} counts=${slow.owners ?? []} />
      ${schema.species && html`<${Words} app=${app} name="species" counts=${slow.species ?? []} why=${slow.why} />`}
      <${Words} app=${app} name="tags" counts=${slow.tags ?? []} why=${slow.why} />
    </div>
  </div>`;
}

// After the start, the server reads the photos' texts for a while: until then it says why not.
function useSlowFacets(app) {
  const [facets, setFacets] = useState({});
  const asked = useRef(null);
  const follower = useRef(null);
  useEffect(() => {
    const wish = `${app.query}&only=${SLOW}`;
    const key = `${app.facets?.revision} ${wish}`;
    const failed = (error) => {
      if (error.status !== 400) return app.failed(error);
      setFacets({ why: error.message });
      return setTimeout(() => follower.current.ask(), ASK_AGAIN_MS);
    };
    follower.current ??= new Follower(
      async () => setFacets(await app.api.get("/api/facets", asked.current.wish)),
      { failed },
    );
    if (!app.facets || app.dragging || asked.current?.key === key) return;
    asked.current = { key, wish };
    follower.current.ask();
  });
  return facets;
}

function Years({ app }) {
  const { facets, state } = app;
  const to = (filter) => app.change({ filter });
  return html`<${Chart}
    title=${t("charts.year")} note=${HAS_KEYBOARD ? t("charts.yearNote") : null} kind="columns" wide=${true}
    rows=${yearRows(state.filter, facets.year)}
    onPick=${(row, event) => to(pickYear(state.filter, row, event.shiftKey))}
    onClear=${() => to(withYears(state.filter, null, null))}
  />`;
}

function Months({ app }) {
  const { facets, state } = app;
  return html`<${Chart}
    title=${t("charts.month")} kind="columns"
    rows=${monthRows(state.filter, facets.month)}
    onPick=${(row) => app.change({ filter: pickValue(state.filter, "month", row) })}
    onClear=${() => app.change({ filter: withValues(state.filter, "month", []) })}
  />`;
}

function Hours({ app }) {
  const { facets, state } = app;
  return html`<${Chart}
    title=${t("charts.hourOfDay")} note=${t("charts.hourNote")} kind="columns"
    rows=${hourRows(state.filter, facets.hour)}
    onPick=${(row) => app.change({ filter: pickValue(state.filter, "hour", row) })}
    onClear=${() => app.change({ filter: withValues(state.filter, "hour", []) })}
  />`;
}

function Scores({ app, concept }) {
  const { state } = app;
  const histogram = app.facets.histograms?.[concept];
  if (!histogram) return null;
  const to = (filter) => app.change({ filter });
  const missing = histogram.missing > 0 ? t("filters.missing", { n: histogram.missing }) : null;
  return html`<${Chart}
    title=${t("charts.score", { concept })} note=${missing} kind="columns"
    rows=${scoreRows(state.filter, concept, histogram)}
    onPick=${(row, event) => to(pickScore(state.filter, concept, { row, extend: event.shiftKey }))}
    onClear=${() => to(withScoreRange(state.filter, concept, [0, 1]))}
  />`;
}

function Values({ app, name, label }) {
  const { facets, state } = app;
  const counts = facets[name].slice(0, MOST_BARS);
  const more = facets[name].length - counts.length;
  return html`<${Chart}
    title=${t(`charts.${name}`)} note=${more > 0 ? t("charts.more", { n: more }) : null}
    rows=${valueRows(state.filter, { name, counts, label })}
    onPick=${(row) => app.change({ filter: pickValue(state.filter, name, row) })}
    onClear=${() => app.change({ filter: withValues(state.filter, name, []) })}
  />`;
}

/** Words of the photos' texts, which the search for a text asks for. */
function Words({ app, name, counts, why }) {
  const { state } = app;
  const rows = wordRows(state.filter, counts.slice(0, MOST_BARS));
  return html`<${Chart}
    title=${t(`charts.${name}`)} note=${why ?? t(`charts.${name}Note`)}
    rows=${rows}
    onPick=${(row) => app.change({ filter: pickWord(state.filter, row) })}
    onClear=${() => app.change({ filter: rows.filter((row) => row.selected).reduce(pickWord, state.filter) })}
  />`;
}

/** Who took how many is personal; how many took how many is not. */
function Owners({ counts }) {
  const last = counts.findLastIndex(([, owners]) => owners > 0);
  const rows = counts.slice(0, last + 1).map(([photos, owners]) => ({
    key: photos,
    label: t("charts.ownerBar", { photos: photos.replace("-", "–") }),
    count: owners,
    selected: false,
  }));
  return html`<${Chart}
    title=${t("charts.owners")} note=${t("charts.ownersNote")} counted=${t("charts.ownersCounted")}
    rows=${rows}
  />`;
}
