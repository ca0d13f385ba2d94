import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.window = { addEventListener() {} };
const { Outbox } = await import("../../../src/smart_image_scraper/web/static/js/outbox.js");

class Storage {
  items = new Map();
  getItem = (name) => this.items.get(name) ?? null;
  setItem = (name, value) => this.items.set(name, value);
  removeItem = (name) => this.items.delete(name);
}

/** A server that keeps the latest word of each photo, and can be away. */
class Server {
  words = new Map();
  refuses = null;
  away = false;

  send = async (reviews) => {
    await null;
    if (this.away) throw Object.assign(new Error("unreachable"), { status: 0 });
    if (this.refuses) throw Object.assign(new Error(this.refuses), { status: 400 });
    return reviews.map(({ photo, verdict }) => {
      const before = this.words.get(photo) ?? "withdraw";
      this.words.set(photo, verdict);
      return { photo, verdict: before };
    });
  };
}

function made(server, { storage = new Storage(), refused = () => {} } = {}) {
  return new Outbox({ send: server.send, refused, storage });
}

const say = (photo, verdict) => [{ photo, verdict }];

test("verdicts arrive in the order they were said", async () => {
  const server = new Server();
  const outbox = made(server);

  outbox.say(say("flickr:1", "accept"), null);
  outbox.say(say("flickr:1", "reject"), null);
  await outbox.empty();

  assert.equal(server.words.get("flickr:1"), "reject");
});

test("what is said while the server is away is sent when it is back", async () => {
  const server = new Server();
  const outbox = made(server);
  server.away = true;
  outbox.say(say("flickr:1", "accept"), null);
  outbox.say([...say("flickr:2", "reject"), ...say("flickr:3", "reject")], null);
  await new Promise(setImmediate);
  const whileAway = [outbox.failing, outbox.unsent];

  server.away = false;
  outbox.retry();
  await outbox.empty();

  assert.deepEqual(whileAway, [true, 3]);
  assert.deepEqual([...server.words.values()], ["accept", "reject", "reject"]);
  assert.equal(outbox.failing, false);
});

test("undo restores what was said before, whether the verdict was sent or not", async () => {
  const server = new Server();
  const outbox = made(server);
  outbox.say(say("flickr:1", "accept"), "first");
  await outbox.empty();
  outbox.say(say("flickr:1", "reject"), "second");

  const undone = [outbox.undo(), outbox.undo(), outbox.undo()];
  await outbox.empty();

  assert.deepEqual(undone, ["second", "first", null]);
  assert.equal(server.words.get("flickr:1"), "withdraw");
});

test("a verdict that has not left is taken back without a word to the server", async () => {
  const server = new Server();
  const outbox = made(server);
  server.away = true;
  outbox.say(say("flickr:1", "accept"), null);
  await new Promise(setImmediate);

  outbox.undo();
  server.away = false;
  outbox.retry();
  await outbox.empty();

  assert.equal(server.words.size, 0);
});

test("a verdict that the server refuses is given back and not sent again", async () => {
  const server = new Server();
  const refusals = [];
  const outbox = made(server, { refused: (...refusal) => refusals.push(refusal) });
  server.refuses = "there is no photo flickr:9";

  outbox.say(say("flickr:9", "accept"), "before");
  await outbox.empty();

  assert.deepEqual(refusals.map(([reviews, error, before]) => [reviews[0].photo, error.message, before]), [
    ["flickr:9", "there is no photo flickr:9", "before"],
  ]);
  assert.equal(outbox.canUndo, false);
});

test("a page that is loaded again sends what was left", async () => {
  const server = new Server();
  const storage = new Storage();
  server.away = true;
  made(server, { storage }).say(say("flickr:1", "accept"), null);
  await new Promise(setImmediate);

  server.away = false;
  const again = made(server, { storage });
  again.retry();
  await again.empty();

  assert.equal(server.words.get("flickr:1"), "accept");
  assert.equal(storage.items.size, 0);
});
