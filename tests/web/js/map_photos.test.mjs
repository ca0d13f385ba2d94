import assert from "node:assert/strict";
import { test } from "node:test";

const { placed, under } = await import("../../../src/smart_image_scraper/web/static/js/map_photos.js");

/** A map that has one pixel a degree. */
const map = {
  getCenter: () => ({ lng: 0 }),
  getPixelOrigin: () => ({ x: 0, y: 0 }),
  latLngToLayerPoint: ([latitude, longitude]) => ({ x: longitude, y: -latitude }),
};

function points(...places) {
  return { points: places.map(([longitude, latitude, color = 0], index) => ({ id: `flickr:${index}`, latitude, longitude, color })) };
}

test("a few photos beside each other stay points", () => {
  const circles = placed(points([1, -1], [2, -2], [3, -3]), map, { clustered: true });

  assert.deepEqual(circles.map(({ point }) => point.id), ["flickr:0", "flickr:1", "flickr:2"]);
});

test("many photos beside each other are one circle with their number, their edges and their commonest colour", () => {
  const [cluster, ...others] = placed(points([1, -1, 2], [2, -2, 1], [3, -3, 1], [4, -4, null], [100, -1]), map, { clustered: true });
  const { west, south, east, north, count, color } = { ...cluster.cell, count: cluster.weight };

  assert.deepEqual({ west, south, east, north, count, color }, { west: 1, south: -4, east: 4, north: -1, count: 4, color: 1 });
  assert.equal(others.length, 1);
});

test("a photo that would cross out a circle's number is counted in it", () => {
  const many = Array.from({ length: 8 }, () => [40, -1]);

  const [circle, ...others] = placed(points(...many, [44, -1], [120, -1]), map, { clustered: true });

  assert.deepEqual([circle.weight, circle.x, circle.cell.west, circle.cell.east], [9, 40, 40, 44]);
  assert.deepEqual(others.map(({ point }) => point.id), ["flickr:9"]);
});

test("where nothing can be drawn further apart every photo is a point", () => {
  const circles = placed(points([1, -1], [1, -1], [1, -1], [1, -1]), map, { clustered: false });

  assert.equal(under(circles, { x: 1, y: 1 }).length, 4);
});

test("cells that lie too close become one with all their photos", () => {
  const cell = { latitude: -1, longitude: 1, south: -2, north: 0, color: 0, photo: "flickr:1" };
  const cells = [{ ...cell, west: 0, east: 2, count: 30 }, { ...cell, west: 2, east: 4, count: 12, color: 1 }];

  const [circle] = placed({ cells }, map, { clustered: true });

  assert.equal(circle.weight, 42);
  assert.deepEqual([circle.cell.west, circle.cell.east, circle.cell.color, circle.cell.photo], [0, 4, 0, "flickr:1"]);
});
