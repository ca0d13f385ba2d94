import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.addEventListener = () => {};
globalThis.document = { hidden: true };
const { Standing } = await import("../../../src/smart_image_scraper/web/static/js/standing.js");

const READING_TEXTS = { revision: "1", photos: 9, loading: false, texts: 0.5, problems: [] };
const LOADING = { ...READING_TEXTS, loading: true };
const READ = { ...READING_TEXTS, revision: "2", texts: 1 };

/** An app whose server answers what it is told to, and what the app was told by then. */
function made(answers) {
  const told = [];
  const app = {
    schema: { photos: 9 },
    api: {
      post: async () => ({}),
      get: async () => {
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    notices: { say: () => told.push(`said with ${answers.length} answers to come`) },
    changed() {},
    refresh() {},
    showNewer: async () => told.push("newer"),
    failed: (error) => told.push(error.message),
  };
  return { standing: new Standing(app), told };
}

/** Let time pass until something holds. */
async function until(holds, timers) {
  for (let round = 0; round < 100 && !holds(); round += 1) {
    timers.tick(2000);
    await new Promise(setImmediate);
  }
}

test("a reload while texts are read is told of when all is read", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const { standing, told } = made([LOADING, LOADING, READ]);
  standing.start(READING_TEXTS);

  const reloading = standing.reload();
  await until(() => told.length === 2, context.mock.timers);
  await reloading;

  assert.deepEqual(told, ["newer", "said with 0 answers to come"]);
});

test("a server that goes away while it reads is told of", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const { standing, told } = made([new Error("unreachable")]);

  standing.start(READING_TEXTS);
  await until(() => told.length > 0, context.mock.timers);

  assert.deepEqual(told, ["unreachable"]);
});
