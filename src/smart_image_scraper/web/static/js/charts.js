// Serve: the charts. Each counts the photos that match all conditions but the one on itself, and a
// click on a bar sets that condition, or takes it away.

import { Chart } from "./bars.js";
import {
  hourRows, monthRows, pickScore, pickValue, pickWord, pickYear, scoreRows, valueRows, withYears,
  wordRows, yearRows,
} from "./chart_rows.js";
import { html, useEffect, useRef, useState } from "./dom.js";
import { NoMatch } from "./empty.js";
import { Follower } from "./follow.js";
import { countryName, licenseName } from "./format.js";
import { withScoreRange, withValues } from "./state.js";
import { t } from "./texts.js";

const MOST_BARS = 15;
const HAS_KEYBOARD = matchMedia("(hover: hover)").matches; // as far as a page can tell
const ASK_AGAIN_MS = 3000;
const SLOW = ["owners", "tags", "species"]; // they are counted when the others are there

// What stands in a column or a row never depends on the counts: nothing moves under the pointer.
export default function Charts({ app }) {
  const { facets, schema } = app;
  const slow = useSlowFacets(app);
  if (!facets?.missing) return html`<p class="charts-wait" role="status">${t("app.loading")}</p>`;
  return html`<div class="charts">
    ${facets.matching === 0 && !app.dragging && html`<${NoMatch} app=${app} />`}
    <${Years} app=${app} />
    <div class="charts-columns">
      ${schema.concepts.map(({ concept }) => html`<${Scores} key=${concept} app=${app} concept=${concept} />`)}
      <${Months} app=${app} />
      <${Hours} app=${app} />
    </div>
    <div class="charts-lists">
      <div class="charts-group">
        <${Values} app=${app} name="country" label=${(code) => countryName(code, schema)} />
        <${Words} app=${app} name="tags" slow=${slow} />
      </div>
      <div class="charts-group">
        <${Values} app=${app} name="term" label=${(term) => term} />
        <${Values} app=${app} name="license" label=${(word) => licenseName(word, schema)} />
        <${Owners} slow=${slow} />
      </div>
      <div class="charts-group">
        <${Values} app=${app} name="camera" label=${(camera) => camera} />
        ${schema.species && html`<${Words} app=${app} name="species" slow=${slow} />`}
      </div>
    </div>
  </div>`;
}

// They follow when a slider is let go of, and are pale until then. After the start, the server reads
// the photos' texts for a while: until then it says why not.
function useSlowFacets(app) {
  const [answer, setAnswer] = useState({});
  const asked = useRef(null);
  const follower = useRef(null);
  const wish = `${app.query}&only=${SLOW}`;
  const key = `${app.facets?.revision} ${wish}`;
  useEffect(() => {
    const failed = (error) => {
      if (error.status !== 400) return app.failed(error);
      setAnswer({ why: error.message });
      return setTimeout(() => follower.current.ask(), ASK_AGAIN_MS);
    };
    follower.current ??= new Follower(
      async () => {
        const { wish, key } = asked.current;
        setAnswer({ key, facets: await app.api.get("/api/facets", wish) });
      },
      { failed },
    );
    if (!app.facets || app.dragging || asked.current?.key === key) return;
    asked.current = { key, wish };
    follower.current.ask();
  });
  return { ...answer, stale: answer.key !== key };
}

/** How many photos a chart leaves out, since nothing is known of them. */
function missingOf({ facets }, name) {
  return facets.missing[name] > 0 && t(`charts.missing.${name}`, { n: facets.missing[name] });
}

function notes(...sentences) {
  return sentences.filter(Boolean).join(" ");
}

function Years({ app }) {
  const { facets, state } = app;
  const to = (filter) => app.change({ filter });
  return html`<${Chart}
    title=${t("charts.year")} note=${notes(HAS_KEYBOARD && t("charts.yearNote"), missingOf(app, "year"))} kind="columns" wide=${true}
    rows=${yearRows(state.filter, facets.year)}
    onPick=${(row, event) => to(pickYear(state.filter, row, event.shiftKey))}
    onClear=${() => to(withYears(state.filter, null, null))}
  />`;
}

function Months({ app }) {
  const { facets, state } = app;
  return html`<${Chart}
    title=${t("charts.month")} note=${notes(missingOf(app, "month"))} kind="columns"
    rows=${monthRows(state.filter, facets.month)}
    onPick=${(row) => app.change({ filter: pickValue(state.filter, "month", row) })}
    onClear=${() => app.change({ filter: withValues(state.filter, "month", []) })}
  />`;
}

function Hours({ app }) {
  const { facets, state } = app;
  return html`<${Chart}
    title=${t("charts.hourOfDay")} note=${notes(t("charts.hourNote"), missingOf(app, "hour"))} kind="columns"
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
  const missing = histogram.missing > 0 && t("charts.missing.score", { n: histogram.missing });
  return html`<${Chart}
    title=${t("charts.score", { concept })} note=${notes(missing)} kind="columns"
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
    title=${t(`charts.${name}`)} note=${notes(missingOf(app, name), more > 0 && t("charts.more", { n: more }))}
    rows=${valueRows(state.filter, { name, counts, label })}
    onPick=${(row) => app.change({ filter: pickValue(state.filter, name, row) })}
    onClear=${() => app.change({ filter: withValues(state.filter, name, []) })}
  />`;
}

/** Words of the photos' texts, which the search for a text asks for. */
function Words({ app, name, slow }) {
  const { state } = app;
  const rows = wordRows(state.filter, (slow.facets?.[name] ?? []).slice(0, MOST_BARS));
  return html`<${Chart}
    title=${t(`charts.${name}`)} note=${slow.why ?? t(`charts.${name}Note`)}
    rows=${rows} coming=${!slow.facets} stale=${slow.stale}
    onPick=${(row) => app.change({ filter: pickWord(state.filter, row) })}
    onClear=${() => app.change({ filter: rows.filter((row) => row.selected).reduce(pickWord, state.filter) })}
  />`;
}

/** Who took how many is personal; how many took how many is not. */
function Owners({ slow }) {
  const counts = slow.facets?.owners ?? [];
  const last = counts.findLastIndex(([, owners]) => owners > 0);
  const rows = counts.slice(0, last + 1).map(([photos, owners]) => ({
    key: photos,
    label: t(photos === "1" ? "charts.ownerBar.one" : "charts.ownerBar.other", { photos: photos.replace("-", "–") }),
    count: owners,
    selected: false,
  }));
  return html`<${Chart}
    title=${t("charts.owners")} note=${t("charts.ownersNote")} counted=${t("charts.ownersCounted")}
    rows=${rows} coming=${!slow.facets} stale=${slow.stale}
  />`;
}
