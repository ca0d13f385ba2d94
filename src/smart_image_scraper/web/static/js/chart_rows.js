// Serve: what the charts show of the facets, and what a click on a bar makes of the filter. Pure.

import { scoreRange, toggled, valueOf, valuesOf, withScoreRange, withValue } from "./state.js";
import { LANGUAGE, t } from "./texts.js";

const SCORE_BARS = 10;
const PLAIN_WORD = /^[\p{L}\p{N}]+$/u; // whatever else is in a text is searched for as a phrase

function monthName(month, length) {
  const day = Date.UTC(2000, month - 1, 15);
  return new Intl.DateTimeFormat(LANGUAGE, { month: length, timeZone: "UTC" }).format(day);
}

/** Rows of a facet that a filter's word asks for, such as `country`; picked ones without photos too. */
export function valueRows(filter, { name, counts, label = (value) => value }) {
  const picked = valuesOf(filter, name);
  const there = new Set(counts.map(([value]) => String(value)));
  const lost = picked.filter((value) => !there.has(value)).map((value) => [value, 0]);
  return [...counts, ...lost].map(([value, count]) => ({
    key: String(value),
    label: label(String(value)),
    count,
    selected: picked.includes(String(value)),
  }));
}

export function pickValue(filter, name, row) {
  return toggled(filter, name, row.key);
}

/** Every year from the first to the last that has photos: a gap is shown as one. */
export function yearRows(filter, counts) {
  const known = new Map(counts.map(([year, count]) => [Number(year), count]));
  const years = [...known.keys()];
  if (years.length === 0) return [];
  const [first, last] = yearRange(filter);
  const rows = [];
  for (let year = Math.min(...years); year <= Math.max(...years); year += 1) {
    const inRange = year >= (first ?? -Infinity) && year <= (last ?? Infinity);
    rows.push({
      key: String(year),
      label: String(year),
      count: known.get(year) ?? 0,
      selected: (first ?? last) !== null && inRange,
      tick: year % tickStep(years) === 0,
    });
  }
  return rows;
}

function tickStep(years) {
  const span = Math.max(...years) - Math.min(...years);
  return [1, 2, 5, 10, 20, 50].find((step) => span / step <= 7) ?? 100;
}

function yearRange(filter) {
  const year = (name) => {
    const words = valueOf(filter, name);
    return words === null ? null : Number.parseInt(words, 10);
  };
  return [year("taken-from"), year("taken-to")];
}

/** One year; with Shift all from what is picked to it; the only one picked again: none. */
export function pickYear(filter, row, extend) {
  const year = Number(row.key);
  const [first, last] = yearRange(filter);
  if (extend && (first ?? last) !== null) {
    return withYears(filter, Math.min(first ?? year, year), Math.max(last ?? year, year));
  }
  return first === year && last === year ? withYears(filter, null, null) : withYears(filter, year, year);
}

export function withYears(filter, first, last) {
  return withValue(withValue(filter, "taken-from", first), "taken-to", last);
}

export function monthRows(filter, counts) {
  return valueRows(filter, { name: "month", counts: counts.map((count, month) => [month + 1, count]) }).map(
    (row) => ({
      ...row,
      label: monthName(row.key, "short"),
      title: monthName(row.key, "long"),
      short: monthName(row.key, "narrow"),
    }),
  );
}

export function hourRows(filter, counts) {
  return valueRows(filter, { name: "hour", counts: counts.map((count, hour) => [hour, count]) }).map(
    (row) => ({
      ...row,
      title: t("charts.hour", { hour: row.key.padStart(2, "0") }),
      tick: row.key % 6 === 0,
      short: row.key.padStart(2, "0"),
    }),
  );
}

/** Ten bars of a concept's scores, of however many the server counts. */
export function scoreRows(filter, concept, { counts }) {
  const [least, most] = scoreRange(filter, concept);
  const narrowed = least > 0 || most < 1;
  const each = counts.length / SCORE_BARS;
  return Array.from({ length: SCORE_BARS }, (_, bar) => {
    const [from, to] = [bar / SCORE_BARS, (bar + 1) / SCORE_BARS];
    return {
      key: String(bar),
      label: t("charts.scoreBar", { from: from.toFixed(1), to: to.toFixed(1) }),
      edges: bar === SCORE_BARS - 1 ? [from.toFixed(1), to.toFixed(1)] : [from.toFixed(1)],
      count: counts.slice(bar * each, (bar + 1) * each).reduce((sum, count) => sum + count, 0),
      selected: narrowed && from >= least - 1e-9 && to <= most + 1e-9,
    };
  });
}

/** One bar; with Shift all from what is picked to it; the only one picked again: none. */
export function pickScore(filter, concept, { row, extend }) {
  const [from, to] = [Number(row.key) / SCORE_BARS, (Number(row.key) + 1) / SCORE_BARS];
  const [least, most] = scoreRange(filter, concept);
  const narrowed = least > 0 || most < 1;
  if (extend && narrowed) return withScoreRange(filter, concept, [Math.min(least, from), Math.max(most, to)]);
  const only = Math.abs(least - from) < 1e-9 && Math.abs(most - to) < 1e-9;
  return withScoreRange(filter, concept, only ? [0, 1] : [from, to]);
}

/** Words of tags, or names, of which the search for a text takes several, each as it stands. */
export function wordRows(filter, counts) {
  const asked = askedWords(filter);
  return counts.map(([words, count]) => {
    const word = PLAIN_WORD.test(words) ? words : `"${words.replaceAll('"', " ")}"`;
    return { key: word, label: words, count, selected: asked.includes(word.toLocaleLowerCase()) };
  });
}

export function pickWord(filter, row) {
  const asked = askedWords(filter);
  const word = row.key.toLocaleLowerCase();
  const left = asked.filter((each) => each !== word);
  const words = left.length < asked.length ? left : [...asked, word];
  return withValue(filter, "text", words.join(" "));
}

// A phrase in quotes is one word here.
function askedWords(filter) {
  const text = (valueOf(filter, "text") ?? "").toLocaleLowerCase();
  return text.match(/"[^"]*"|\S+/g) ?? [];
}
