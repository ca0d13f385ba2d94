import assert from "node:assert/strict";
import { test } from "node:test";

const kept = new Map();
globalThis.localStorage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
globalThis.Element = class {};
const { KEY_MAP, bindKeys, onKeyDown, setLetters } = await import("../../../src/smart_image_scraper/web/static/js/keys.js");
const { hasText } = await import("../../../src/smart_image_scraper/web/static/js/texts.js");

function press(key, more = {}) {
  const event = { key, target: null, preventDefault: () => (event.defaultPrevented = true), ...more };
  onKeyDown(event);
  return Boolean(event.defaultPrevented);
}

test("every row of the legend has its text, and a key means one thing in a mode", () => {
  for (const { mode, does } of KEY_MAP) {
    assert.ok(hasText(`keys.${does}`), does);
    assert.ok(hasText(`help.${mode}`), mode);
  }
  const pairs = KEY_MAP.flatMap(({ mode, keys }) => keys.map((key) => `${mode} ${key}`));
  assert.equal(new Set(pairs).size, pairs.length);
});

test("under an open dialog only what holds always is done", () => {
  const done = [];
  const ends = [
    bindKeys("anywhere", { filters: () => done.push("filters"), help: () => done.push("help") }),
    bindKeys("photo", { next: () => done.push("next") }),
  ];

  press("g");
  press("ArrowRight");
  press("?");
  ends.forEach((end) => end());

  assert.deepEqual(done, ["next", "help"]);
});

test("letters can be switched off; arrows stay", () => {
  const done = [];
  const end = bindKeys("photo", { accept: () => done.push("accept"), next: () => done.push("next") });

  setLetters(false);
  press("a");
  press("ArrowRight");
  setLetters(true);
  press("a");
  end();

  assert.deepEqual(done, ["next", "accept"]);
});

test("a letter with Shift is another key than without", () => {
  const done = [];
  const end = bindKeys("review", { accept: () => done.push("accept"), selectAll: () => done.push("all") });

  press("a");
  press("A", { shiftKey: true });
  press("A"); // with Caps Lock
  end();

  assert.deepEqual(done, ["accept", "all"]);
});

test("the browser's own shortcuts are left alone", () => {
  const end = bindKeys("anywhere", { filters: () => assert.fail() });

  const taken = press("f", { ctrlKey: true });
  end();

  assert.equal(taken, false);
});
