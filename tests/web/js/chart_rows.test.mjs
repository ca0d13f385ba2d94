import assert from "node:assert/strict";
import { test } from "node:test";

const { pickScore, pickWord, pickYear, scoreRows, valueRows, wordRows, yearRows } = await import(
  "../../../src/smart_image_scraper/web/static/js/chart_rows.js"
);

const selected = (rows) => rows.filter((row) => row.selected).map((row) => row.key);

test("a year without photos is a gap, not left out", () => {
  const rows = yearRows([], [[2004, 3], [2007, 1]]);

  assert.deepEqual(rows.map(({ key, count }) => [key, count]), [["2004", 3], ["2005", 0], ["2006", 0], ["2007", 1]]);
  assert.deepEqual(selected(rows), []);
});

test("a click on a year filters by it, with Shift by a range, and again by none", () => {
  const one = pickYear([], { key: "2005" }, false);
  const range = pickYear(one, { key: "2007" }, true);

  assert.deepEqual(one, [["taken-from", "2005"], ["taken-to", "2005"]]);
  assert.deepEqual(range, [["taken-from", "2005"], ["taken-to", "2007"]]);
  assert.deepEqual(pickYear(one, { key: "2005" }, false), []);
});

test("a date in the filter selects its years", () => {
  const rows = yearRows([["taken-from", "2005-06"]], [[2004, 1], [2005, 1], [2006, 1]]);

  assert.deepEqual(selected(rows), ["2005", "2006"]);
});

test("fifty counts of scores become ten bars, and a click on one filters by it", () => {
  const counts = Array.from({ length: 50 }, (_, bin) => (bin === 49 ? 7 : 1));
  const rows = scoreRows([], "monkey", { counts });
  const filter = pickScore([], "monkey", { row: rows[9], extend: false });

  assert.deepEqual(rows.map(({ count }) => count), [5, 5, 5, 5, 5, 5, 5, 5, 5, 11]);
  assert.deepEqual([rows[0].edges, rows[9].edges], [["0.0"], ["0.9", "1.0"]]);
  assert.deepEqual(filter, [["score", "monkey>=0.9"]]);
  assert.deepEqual(selected(scoreRows(filter, "monkey", { counts })), ["9"]);
  assert.deepEqual(pickScore(filter, "monkey", { row: rows[9], extend: false }), []);
});

test("a value that is filtered by is shown even where nothing is left of it", () => {
  const rows = valueRows([["country", "FJ"]], { name: "country", counts: [["JP", 2]] });

  assert.deepEqual(rows.map(({ key, count, selected: picked }) => [key, count, picked]), [["JP", 2, false], ["FJ", 0, true]]);
});

test("words join the text that is searched for, names of species as a phrase, and leave it again", () => {
  const [word] = wordRows([], [["jungle", 2]]);
  const [species] = wordRows([], [["Macaca fuscata", 1]]);
  const both = pickWord(pickWord([["text", "snow"]], word), species);

  assert.deepEqual(both, [["text", 'snow jungle "macaca fuscata"']]);
  assert.deepEqual(pickWord(pickWord(both, species), word), [["text", "snow"]]);
});
