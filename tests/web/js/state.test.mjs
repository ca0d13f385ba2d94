import assert from "node:assert/strict";
import { test } from "node:test";

import {
  conditionsOf, flagOf, readState, scoreRange, toggled, withFlag, withoutCondition, withScoreRange, withValue, writeState,
} from "../../../src/smart_image_scraper/web/static/js/state.js";

const ADDRESS = "text=野生の猿&term=monkey+wild&country=PH&country=MY&score=monkey>=0.35&score=monkey<=0.9&taken-from=2004-05&views-from=26&license=cc-by-2.0&review=monkey=accept&without-duplicates=1&view=map&order=score:monkey&page=3&grid=8&show=title,taken&photo=flickr:12";

test("an address that was read and written means the same", () => {
  const state = readState(ADDRESS);

  const again = readState(writeState(state));

  assert.deepEqual(again, state);
});

test("what is as usual is left out of the address", () => {
  assert.equal(writeState(readState("view=gallery&order=newest&page=1&grid=auto&show=title,scores")), "");
});

test("no field under the photos is a choice that the address keeps", () => {
  const address = writeState({ ...readState(""), show: [] });

  assert.deepEqual(readState(address).show, []);
});

test("a word that nobody knows stays in the filter, so that the server can say so", () => {
  const state = readState("colour=red");

  assert.deepEqual(state.filter, [["colour", "red"]]);
  assert.deepEqual(conditionsOf(state.filter), [{ name: "colour", value: "red" }]);
});

test("a page that is no number is the first one", () => {
  assert.equal(readState("page=-3").page, 1);
  assert.equal(readState("page=x").page, 1);
});

test("a score's range is told from conditions written in any way", () => {
  const { filter } = readState("score=monkey>=0.2,cage<0.5&score=monkey<0.9&score=monkey>0.1");

  assert.deepEqual(scoreRange(filter, "monkey"), [0.2, 0.9]);
  assert.deepEqual(scoreRange(filter, "cage"), [0, 0.5]);
});

test("setting one concept's range leaves the others as they are", () => {
  const { filter } = readState("score=monkey>=0.2,cage<0.5");

  const changed = withScoreRange(filter, "monkey", [0.35, 1]);

  assert.deepEqual(changed, [["score", "cage<0.5"], ["score", "monkey>=0.35"]]);
});

test("a range that is wide open is no condition", () => {
  assert.deepEqual(withScoreRange([["score", "monkey>=0.2"]], "monkey", [0, 1]), []);
});

test("taking a condition away takes away all that its chip shows", () => {
  const { filter } = readState("score=monkey>=0.2&score=monkey<=0.8&taken-from=2004&taken-to=2009&country=PH");

  const left = conditionsOf(filter).reduce((rest, condition) => withoutCondition(rest, condition), filter);

  assert.deepEqual(left, []);
});

test("a condition on a score that cannot be read is shown and can be taken away", () => {
  const { filter } = readState("score=monkey");

  const [condition] = conditionsOf(filter);

  assert.deepEqual(withoutCondition(filter, condition), []);
});

test("a value is chosen by one click and left by the next", () => {
  const chosen = toggled([["country", "PH"]], "country", "MY");

  assert.deepEqual(chosen, [["country", "PH"], ["country", "MY"]]);
  assert.deepEqual(toggled(chosen, "country", "PH"), [["country", "MY"]]);
});

test("of two opposite flags at most one is set", () => {
  const gone = withFlag([], { yes: "gone", no: "not-gone", value: true });

  const there = withFlag(gone, { yes: "gone", no: "not-gone", value: false });

  assert.deepEqual(there, [["not-gone", "1"]]);
  assert.equal(flagOf(there, "gone", "not-gone"), false);
  assert.equal(flagOf(withFlag(there, { yes: "gone", no: "not-gone", value: null }), "gone", "not-gone"), null);
});

test("an empty value is no condition", () => {
  assert.deepEqual(withValue([["text", "ape"]], "text", ""), []);
});

test("of a view that nobody knows, the gallery is shown", () => {
  assert.equal(readState("view=nonsense").view, "gallery");
});
