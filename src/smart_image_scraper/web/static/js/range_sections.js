// Filters by ranges: each concept's score, dates taken, views.

import { html } from "./dom.js";
import { number, score } from "./format.js";
import { Ends, Range } from "./range.js";
import { Section } from "./section.js";
import { scoredConcepts, scoreRange, valueOf, withScoreRange, withValue } from "./state.js";
import { inCode } from "./notices.js";
import { t } from "./texts.js";

const DATE = /^\d{4}(-\d{2}(-\d{2})?)?$/;

export function ScoresSection({ app }) {
  const { concepts } = app.schema;
  const active = scoredConcepts(app.state.filter).length;
  return html`
    <${Section} app=${app} name="scores" title=${t("filters.scores")} active=${active}>
      ${
        concepts.length === 0 &&
        html`
          <p class="muted">${inCode(t("filters.noScores"))}</p>
        `
      }
      ${concepts.map(
        (concept) => html`
          <${ConceptRange} key=${concept.concept} app=${app} concept=${concept} />
        `,
      )}
    <//>
  `;
}

function ConceptRange({ app, concept: { concept, model, calibrated, trained } }) {
  const { filter } = app.state;
  const [least, most] = scoreRange(filter, concept);
  const histogram = app.facets?.histograms?.[concept];
  const about = [model, calibrated && t("filters.calibrated"), trained && t("filters.trained")]
    .filter(Boolean)
    .join(" · ");
  // An end that is set beyond the other one takes it along.
  const ranged = (value, place) => (place ? [Math.min(least, value), value] : [value, Math.max(most, value)]);
  const set = (value, place) => app.change({ filter: withScoreRange(filter, concept, ranged(value, place)) });
  return html`
    <div class="ranged">
      <div class="ranged-head">
        <bdi class="ranged-name" title=${about}>${concept}</bdi>
        <${Ends}
          labels=${[t("filters.least", { what: concept }), t("filters.most", { what: concept })]}
          values=${[score(least), score(most)]}
          read=${readScore}
          onSet=${set}
          hint="0–1"
        />
      </div>
      <${Range}
        label=${concept}
        min=${0}
        max=${1}
        step=${0.01}
        least=${least}
        most=${most}
        counts=${histogram?.counts}
        spoken=${score}
        onDrag=${(range) => app.drag(withScoreRange(app.state.filter, concept, range))}
        onRelease=${(range) => app.release(withScoreRange(app.state.filter, concept, range))}
      />
      ${
        histogram?.missing > 0 &&
        html`
          <p class="muted ranged-note">${t("filters.missing", { n: histogram.missing })}</p>
        `
      }
    </div>
  `;
}

function readScore(text, place) {
  const value = text === "" ? place : Number(text.replace(",", "."));
  return value >= 0 && value <= 1 ? value : undefined;
}

export function TakenSection({ app }) {
  const { taken } = app.schema;
  const { filter } = app.state;
  const ends = [valueOf(filter, "taken-from"), valueOf(filter, "taken-to")];
  const set = (value, place) =>
    app.change({ filter: withValue(filter, place ? "taken-to" : "taken-from", value) });
  return html`
    <${Section}
      app=${app}
      name="taken"
      title=${t("filters.taken")}
      facets=${["year"]}
      active=${ends.filter(Boolean).length ? 1 : 0}
    >
      <div class="ranged">
        ${
          taken.first &&
          html`
            <${YearRange} app=${app} ends=${ends} first=${yearOf(taken.first)} last=${yearOf(taken.last)} />
          `
        }
        <${Ends}
          labels=${[t("filters.takenFrom"), t("filters.takenTo")]}
          values=${ends.map((end) => end ?? "")}
          read=${readDate}
          onSet=${set}
          hint=${t("filters.dateHint")}
          empty=${[t("filters.from"), t("filters.to")]}
          inputmode="text"
        />
      </div>
    <//>
  `;
}

function YearRange({ app, ends, first, last }) {
  const least = ends[0] ? clamp(yearOf(ends[0]), first, last) : first;
  const most = ends[1] ? clamp(yearOf(ends[1]), first, last) : last;
  const years = new Map((app.facets?.year ?? []).map(([year, count]) => [Number(year), count]));
  const counts = Array.from({ length: last - first + 1 }, (_, place) => years.get(first + place) ?? 0);
  // What did not move keeps its month and day.
  const asked = ([from, to]) => {
    const begun =
      from === least
        ? app.state.filter
        : withValue(app.state.filter, "taken-from", from > first ? from : null);
    return to === most ? begun : withValue(begun, "taken-to", to < last ? to : null);
  };
  return html`
    <${Range}
      label=${t("filters.taken")}
      min=${first}
      max=${last}
      step=${1}
      least=${least}
      most=${most}
      counts=${counts}
      onDrag=${(range) => app.drag(asked(range))}
      onRelease=${(range) => app.release(asked(range))}
    />
    <div class="range-scale muted">
      <span>${first}</span>
      <span>${last}</span>
    </div>
  `;
}

function readDate(text) {
  return text === "" ? null : DATE.test(text) ? text : undefined;
}

function yearOf(date) {
  return Number.parseInt(date, 10);
}

function clamp(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

export function ViewsSection({ app }) {
  const { filter } = app.state;
  const ends = [valueOf(filter, "views-from"), valueOf(filter, "views-to")];
  const { edges, counts } = app.facets?.views_histogram ?? { edges: [], counts: [] };
  const set = (value, place) =>
    app.change({ filter: withValue(filter, place ? "views-to" : "views-from", value) });
  return html`
    <${Section}
      app=${app}
      name="views"
      title=${t("filters.views")}
      facets=${["views_histogram"]}
      active=${ends.some(Boolean) ? 1 : 0}
    >
      <div class="ranged">
        ${
          counts.length > 1 &&
          html`
            <${ViewsRange} app=${app} ends=${ends} edges=${edges} counts=${counts} />
          `
        }
        <${Ends}
          labels=${[t("filters.least", { what: t("filters.views") }), t("filters.most", { what: t("filters.views") })]}
          values=${ends.map((end) => end ?? "")}
          read=${readCount}
          onSet=${set}
          inputmode="numeric"
          empty=${[t("filters.from"), t("filters.to")]}
        />
      </div>
    <//>
  `;
}

// The handles stand between the bars: at edge k, the views are edges[k] or more, or fewer than that.
function ViewsRange({ app, ends, edges, counts }) {
  const last = counts.length;
  const least = ends[0] === null ? 0 : nearest(edges, Number(ends[0]), last);
  const most = ends[1] === null ? last : nearest(edges, Number(ends[1]) + 1, last);
  const asked = ([from, to]) => {
    const begun =
      from === least
        ? app.state.filter
        : withValue(app.state.filter, "views-from", from > 0 ? Math.ceil(edges[from]) : null);
    return to === most
      ? begun
      : withValue(begun, "views-to", to < last ? Math.max(0, Math.ceil(edges[to]) - 1) : null);
  };
  const spoken = (place) => number(Math.ceil(edges[place] ?? 0));
  return html`
    <${Range}
      label=${t("filters.views")}
      min=${0}
      max=${last}
      step=${1}
      least=${Math.min(least, most)}
      most=${most}
      counts=${counts}
      spoken=${spoken}
      onDrag=${(range) => app.drag(asked(range))}
      onRelease=${(range) => app.release(asked(range))}
    />
    <div class="range-scale muted">
      <span>${number(edges[0])}</span>
      <span>${number(app.schema.views.max)}</span>
    </div>
  `;
}

function nearest(edges, value, last) {
  const distances = edges.slice(0, last + 1).map((edge) => Math.abs(edge - value));
  return distances.indexOf(Math.min(...distances));
}

function readCount(text) {
  return text === "" ? null : /^\d{1,12}$/.test(text) ? text : undefined;
}
