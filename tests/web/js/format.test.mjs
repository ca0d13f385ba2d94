import assert from "node:assert/strict";
import { test } from "node:test";

import { sentence } from "../../../src/smart_image_scraper/web/static/js/format.js";

test("what the server says begins large where it stands alone, but for a path or a setting", () => {
  const said = ["of 3 photos that were looked at, 1 has no file", "/data/here: there is no workspace", "mongodb://x does not answer", "SIS_KEYS is empty"];

  assert.deepEqual(said.map(sentence), ["Of 3 photos that were looked at, 1 has no file", ...said.slice(1)]);
});
