// What the page shows, as the words of its address. The filter's words are those of the command
// line's options without "--"; the view's words are the page's own. All functions are pure.

export const FILTER_NAMES = [
  "text",
  "term",
  "site",
  "country",
  "bbox",
  "score",
  "taken-from",
  "taken-to",
  "month",
  "hour",
  "views-from",
  "views-to",
  "license",
  "camera",
  "owner",
  "review",
  "signal",
  "without-signal",
  "disagrees",
  "without-duplicates",
  "with-file",
  "without-file",
  "gone",
  "not-gone",
  "stripped",
  "not-stripped",
  "failed",
  "id",
];

export const VIEWS = ["gallery", "map", "charts", "review"];

const DEFAULTS = {
  view: "gallery",
  order: "newest",
  page: 1,
  grid: "auto",
  show: ["title", "scores"],
  photo: null,
  color: "term",
  concept: null,
  queue: "next",
  layer: "photos",
  at: null,
};

const RANGE_NAMES = [
  ["taken-from", "taken-to"],
  ["views-from", "views-to"],
];
const THRESHOLD = /^(.+?)(>=|<=|>|<)([0-9.]+)$/;

/** Read an address's query. Words that nobody knows stay in the filter: the server names them; of views
 * that nobody knows, the gallery is shown. */
export function readState(query) {
  const state = { ...DEFAULTS, filter: [] };
  for (const [name, value] of new URLSearchParams(query)) {
    if (!(name in DEFAULTS)) state.filter.push([name, value]);
    else if (name === "show") state.show = value ? value.split(",") : [];
    else if (name === "view") state.view = VIEWS.includes(value) ? value : DEFAULTS.view;
    else if (name === "page") state.page = Math.max(1, Number.parseInt(value, 10) || 1);
    else state[name] = value;
  }
  state.filter = inOrder(state.filter);
  return state;
}

/** Write a state as an address's query, without what is as usual; "" if all of it is. */
export function writeState(state) {
  const pairs = [...state.filter];
  for (const name of Object.keys(DEFAULTS)) {
    const value = name === "show" ? state.show.join(",") : state[name];
    const usual = name === "show" ? DEFAULTS.show.join(",") : DEFAULTS[name];
    if (value !== null && String(value) !== String(usual)) pairs.push([name, String(value)]);
  }
  return writePairs(pairs);
}

/** Write pairs as a query that a person can read: `,` and `:` need no escape there. */
export function writePairs(pairs) {
  const query = new URLSearchParams(pairs).toString();
  return query.replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%3D", "=");
}

export function valuesOf(filter, name) {
  return filter.filter(([each]) => each === name).map(([, value]) => value);
}

export function valueOf(filter, name) {
  return valuesOf(filter, name)[0] ?? null;
}

/** Return the filter with these values of a word instead of what it had. */
export function withValues(filter, name, values) {
  const kept = filter.filter(([each]) => each !== name);
  return inOrder([...kept, ...values.filter((value) => value !== "").map((value) => [name, value])]);
}

export function withValue(filter, name, value) {
  return withValues(filter, name, value === null || value === "" ? [] : [String(value)]);
}

/** Add a value, or take it away where it is there. */
export function toggled(filter, name, value) {
  const values = valuesOf(filter, name);
  const others = values.filter((each) => each !== value);
  return withValues(filter, name, others.length < values.length ? others : [...values, value]);
}

/** One of two opposite flags, such as `gone` and `not-gone`, or neither: true, false, null. */
export function flagOf(filter, yes, no) {
  if (valueOf(filter, yes)) return true;
  return valueOf(filter, no) ? false : null;
}

export function withFlag(filter, { yes, no, value }) {
  const cleared = withValue(withValue(filter, yes, null), no, null);
  return value === null ? cleared : withValue(cleared, value ? yes : no, "1");
}

function thresholds(filter) {
  return valuesOf(filter, "score")
    .flatMap((value) => value.split(","))
    .map((text) => [text, THRESHOLD.exec(text.trim())])
    .map(([text, match]) => ({ text, concept: match?.[1], sign: match?.[2], limit: Number(match?.[3]) }));
}

function isThreshold(text) {
  return THRESHOLD.test(text.trim());
}

/** The concepts that the filter asks scores of, each once. */
export function scoredConcepts(filter) {
  return [
    ...new Set(
      thresholds(filter)
        .map(({ concept }) => concept)
        .filter(Boolean),
    ),
  ];
}

/** The range of a concept's score: [least, most], 0 and 1 where it is open. */
export function scoreRange(filter, concept) {
  let [least, most] = [0, 1];
  for (const each of thresholds(filter)) {
    if (each.concept !== concept) continue;
    if (each.sign.startsWith(">")) least = Math.max(least, each.limit);
    else most = Math.min(most, each.limit);
  }
  return [least, most];
}

export function withScoreRange(filter, concept, [least, most]) {
  const kept = thresholds(filter)
    .filter((each) => each.concept !== concept)
    .map(({ text }) => text);
  if (least > 0) kept.push(`${concept}>=${shortNumber(least)}`);
  if (most < 1) kept.push(`${concept}<=${shortNumber(most)}`);
  return withValues(filter, "score", kept);
}

function shortNumber(value) {
  return String(Math.round(value * 1000) / 1000);
}

/** The filter's conditions, each as what one chip shows and removes. */
export function conditionsOf(filter) {
  const conditions = scoredConcepts(filter).map((concept) => ({ name: "score", concept }));
  for (const [from, to] of RANGE_NAMES) {
    if (valueOf(filter, from) || valueOf(filter, to)) conditions.push({ name: from, range: [from, to] });
  }
  const ranged = new Set(RANGE_NAMES.flat());
  for (const [name, value] of filter) {
    const shown = ranged.has(name) || (name === "score" && value.split(",").some(isThreshold));
    if (!shown) conditions.push({ name, value });
  }
  return conditions.sort((one, other) => rank(one.name) - rank(other.name));
}

export function withoutCondition(filter, condition) {
  if (condition.concept) return withScoreRange(filter, condition.concept, [0, 1]);
  if (condition.range) return condition.range.reduce((left, name) => withValue(left, name, null), filter);
  return filter.filter(([name, value]) => name !== condition.name || value !== condition.value);
}

function rank(name) {
  const place = FILTER_NAMES.indexOf(name);
  return place < 0 ? FILTER_NAMES.length : place;
}

function inOrder(filter) {
  return filter
    .map((pair, place) => [pair, place])
    .sort(([one, first], [other, second]) => rank(one[0]) - rank(other[0]) || first - second)
    .map(([pair]) => pair);
}
