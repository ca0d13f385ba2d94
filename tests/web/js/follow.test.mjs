import assert from "node:assert/strict";
import { test } from "node:test";

import { Follower, Newest, Pace } from "../../../src/smart_image_scraper/web/static/js/follow.js";

const fail = (error) => {
  throw error;
};

test("any number of wishes while a job runs become one further run", async () => {
  let runs = 0;
  let open = 0;
  const follower = new Follower(async () => {
    runs += 1;
    open += 1;
    assert.equal(open, 1);
    await null;
    open -= 1;
  }, { failed: fail });

  const first = follower.ask();
  for (let wish = 0; wish < 50; wish += 1) follower.ask();
  await first;

  assert.equal(runs, 2);
});

test("a job that failed is told of, and the next wish runs", async () => {
  const told = [];
  let runs = 0;
  const follower = new Follower(async () => {
    runs += 1;
    if (runs === 1) throw new Error("away");
  }, { failed: (error) => told.push(error.message) });

  await follower.ask();
  await follower.ask();

  assert.deepEqual(told, ["away"]);
  assert.equal(runs, 2);
});

test("a paced job runs at once, then waits, and the last wish is never lost", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let runs = 0;
  const pace = new Pace(() => {
    runs += 1;
  });

  for (let wish = 0; wish < 20; wish += 1) pace.soon();
  const atOnce = runs;
  context.mock.timers.tick(400);

  assert.equal(atOnce, 1);
  assert.equal(runs, 2);
});

test("a release does not wait, and takes the place of what waited", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let runs = 0;
  const pace = new Pace(() => {
    runs += 1;
  });

  pace.soon();
  pace.soon();
  pace.now();
  context.mock.timers.tick(400);

  assert.equal(runs, 2);
});

test("an answer to an older wish counts no more once one to a newer has come", () => {
  const filters = new Newest();
  const { wish: older } = filters;
  filters.change();

  const taken = [filters.wish, older, filters.wish].map((wish) => filters.takes(wish));

  assert.deepEqual(taken, [true, false, true]);
});
