import assert from "node:assert/strict";
import { test } from "node:test";

const { boxOf, edgesOf, narrowest, near, placeWords, wordsOf, wrapped } = await import(
  "../../../src/smart_image_scraper/web/static/js/map_geometry.js"
);

test("a box drawn over the 180th meridian has its west above its east", () => {
  const box = boxOf({ west: 170, south: -20, east: 190, north: -10 });

  assert.deepEqual(box, [170, -20, -170, -10]);
  assert.deepEqual(edgesOf(box), { west: 170, south: -20, east: 190, north: -10 });
});

test("a box drawn on another copy of the world is the box on this one", () => {
  assert.deepEqual(boxOf({ west: 370, south: 0, east: 380, north: 5 }), [10, 0, 20, 5]);
  assert.deepEqual(boxOf({ west: -200, south: 0, east: -170, north: 5 }), [160, 0, -170, 5]);
});

test("a box that ends at the 180th meridian does not cross it", () => {
  assert.deepEqual(boxOf({ west: 170, south: 0, east: 180, north: 5 }), [170, 0, 180, 5]);
});

test("more than the world is the whole world", () => {
  assert.deepEqual(boxOf({ west: -300, south: -95, east: 200, north: 95 }), [-180, -90, 180, 90]);
});

test("places on both sides of the 180th meridian are near each other", () => {
  assert.deepEqual(narrowest([178, -179, 177]), [177, 181]);
  assert.deepEqual(narrowest([100, 120]), [100, 120]);
  assert.deepEqual(narrowest([5]), [5, 5]);
  assert.equal(near(-179, 175), 181);
});

test("places are written as people read them", () => {
  assert.equal(placeWords(-8.514, 475.262), "8.51° S, 115.26° E");
  assert.equal(wordsOf([116, 4, 127.123456, 22]), "116,4,127.1235,22");
  assert.equal(wrapped(180), -180);
});
