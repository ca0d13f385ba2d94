import assert from "node:assert/strict";
import { test } from "node:test";

const { markedUp } = await import("../../../src/smart_image_scraper/web/static/js/markup.js");

const words = (text) => markedUp(text).map((part) => (typeof part === "string" ? part : part.props.children)).join("");
const links = (text) => markedUp(text).filter((part) => typeof part !== "string").map((part) => part.props.href);

test("what sites write as HTML reads as plain text with links", () => {
  const text = 'Mom &amp; baby,<br> <b>Java</b>: <a href="http://en.wikipedia.org/wiki/Macaque" rel="nofollow">Macaque</a>';

  assert.equal(words(text), "Mom & baby,\n Java: Macaque");
  assert.deepEqual(links(text), ["http://en.wikipedia.org/wiki/Macaque"]);
});

for (const address of ["javascript:alert(1)", "java&#115;cript:alert(1)", "data:text/html,x", "//example.org", "/local"]) {
  test(`an address such as ${address} becomes no link`, () => {
    assert.deepEqual(links(`<a href="${address}">click</a>`), []);
    assert.equal(words(`<a href="${address}">click</a>`), "click");
  });
}

test("other tags stay in the text as they were written", () => {
  const text = '<script>alert(1)</script><img src=x onerror=alert(1)>';

  assert.deepEqual(markedUp(text), [text]);
});

test("a character reference is read once, so that it makes no tag", () => {
  assert.deepEqual(markedUp("&amp;lt;b&amp;gt; &#x27; &#9999999;"), ["&lt;b&gt; ' &#9999999;"]);
});
