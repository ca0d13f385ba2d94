import assert from "node:assert/strict";
import { test } from "node:test";

import { ReviewQueue } from "../../../src/smart_image_scraper/web/static/js/review_queue.js";

/** Answers when it is told to. */
class Server {
  waiting = [];

  get() {
    return new Promise((answer) => this.waiting.push(answer));
  }

  answer(place, ...ids) {
    const photos = ids.map((id) => ({ id, scores: {} }));
    this.waiting[place]({ photos, matching: ids.length, pages: 1 });
  }
}

test("what was asked for before the filter changed is not shown", async () => {
  const api = new Server();
  const queue = new ReviewQueue({ api, state: { filter: [], order: "newest" } });
  const before = queue.fill({ source: "filter", concept: null });
  queue.clear();
  const after = queue.fill({ source: "filter", concept: null });

  api.answer(0, "a", "b", "c");
  await before;
  assert.deepEqual([queue.items, queue.loading, queue.left], [[], true, null]);
  api.answer(1, "b");
  await after;

  assert.deepEqual(queue.items.map(({ card }) => card.id), ["b"]);
  assert.deepEqual([queue.loading, queue.left], [false, 1]);
});
