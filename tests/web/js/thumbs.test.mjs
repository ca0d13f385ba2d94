import assert from "node:assert/strict";
import { test } from "node:test";

import { Thumbs, edgeFor } from "../../../src/smart_image_scraper/web/static/js/thumbs.js";

/** A server that answers with each photo's length and bytes, and notes what it was asked for. */
class Server {
  asked = [];
  bytesOf = () => Uint8Array.of(0xff, 0xd8, 7);

  postForBytes = async (_, { ids }) => {
    this.asked.push(ids);
    const parts = ids.map((id) => this.bytesOf(id));
    const answer = new DataView(new ArrayBuffer(parts.reduce((sum, part) => sum + 4 + part.length, 0)));
    let place = 0;
    for (const part of parts) {
      answer.setUint32(place, part.length, true);
      new Uint8Array(answer.buffer).set(part, place + 4);
      place += 4 + part.length;
    }
    return answer.buffer;
  };
}

const cardOf = (id, picture = "ab") => ({ id, picture });

test("a page's thumbnails come in one answer, and only those that are not here", async () => {
  const server = new Server();
  const thumbs = new Thumbs(server);

  await thumbs.fetch([cardOf("a"), cardOf("b")], 160);
  await thumbs.fetch([cardOf("a"), cardOf("c"), cardOf("d", null)], 160);

  assert.deepEqual(server.asked, [["a", "b"], ["c"]]);
  assert.equal(thumbs.url(cardOf("a"), 160), "data:image/jpeg;base64,/9gH");
});

test("a photo whose file is gone has no thumbnail, and is not asked for again", async () => {
  const server = new Server();
  server.bytesOf = (id) => (id === "gone" ? new Uint8Array() : Uint8Array.of(0x52, 0x49));
  const thumbs = new Thumbs(server);

  await thumbs.fetch([cardOf("gone"), cardOf("here")], 160);
  await thumbs.fetch([cardOf("gone")], 160);

  assert.equal(thumbs.url(cardOf("gone"), 160), null);
  assert.deepEqual(["gone", "here", "new"].map((id) => thumbs.isLost(cardOf(id), 160)), [true, false, false]);
  assert.equal(thumbs.url(cardOf("here"), 160), "data:image/webp;base64,Ukk=");
  assert.equal(server.asked.length, 1);
});

test("a changed file or another size is another thumbnail", async () => {
  const thumbs = new Thumbs(new Server());

  await thumbs.fetch([cardOf("a")], 160);

  assert.equal(thumbs.url(cardOf("a", "cd"), 160), null);
  assert.equal(thumbs.url(cardOf("a"), 320), null);
});

test("what was not shown for longest is forgotten first", async () => {
  const server = new Server();
  server.bytesOf = () => new Uint8Array(600);
  const thumbs = new Thumbs(server, { kept: 3300 }); // four of them

  for (const id of ["a", "b", "c"]) await thumbs.fetch([cardOf(id)], 640);
  thumbs.url(cardOf("a"), 640);
  for (const id of ["d", "e"]) await thumbs.fetch([cardOf(id)], 640);

  assert.notEqual(thumbs.url(cardOf("a"), 640), null);
  assert.equal(thumbs.url(cardOf("b"), 640), null);
});

test("more than fit into one answer come in several", async () => {
  const server = new Server();

  await new Thumbs(server).fetch(Array.from({ length: 300 }, (_, number) => cardOf(`p${number}`)), 160);

  assert.deepEqual(server.asked.map((ids) => ids.length), [256, 44]);
});

test("the smallest size that fills the pixels is taken; beyond all of them none", () => {
  assert.deepEqual([41, 160, 177, 178, 320, 711, 712].map(edgeFor), [160, 160, 160, 320, 320, 640, null]);
});
