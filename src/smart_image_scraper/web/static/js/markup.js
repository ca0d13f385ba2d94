// Texts as their authors wrote them: sites keep them as HTML, here they are plain text with links.
//
// Nothing is handed to the browser as HTML. Links to http and https become links, the usual marks
// of emphasis and line breaks are taken away, character references are read; any other tag, such
// as <script>, stays in the text as it was written.

import { html } from "./dom.js";
import { safeLink } from "./format.js";

const LINK = /<a\s[^>]*?href\s*=\s*"([^"]*)"[^>]*>([^]*?)<\/a\s*>/gi;
const EMPHASIS = /<\/?(?:b|i|em|strong|u|s|p|blockquote)\s*>/gi;
const BREAK = /<br\s*\/?>/gi;
const REFERENCE = /&(?:amp|lt|gt|quot|nbsp|#39|#x27|#\d{1,6});/gi;
const NAMED = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&nbsp;": "\u00a0",
  "&#39;": "'",
  "&#x27;": "'",
};

/** Return a text's plain parts and links, ready to be shown. */
export function markedUp(text) {
  const parts = [];
  let place = 0;
  for (const match of text.matchAll(LINK)) {
    const [whole, address, words] = match;
    const url = safeLink(plain(address));
    parts.push(plain(text.slice(place, match.index)));
    parts.push(
      url
        ? html`
            <a href=${url} target="_blank" rel="noopener noreferrer nofollow">${plain(words)}</a>
          `
        : plain(words),
    );
    place = match.index + whole.length;
  }
  return [...parts, plain(text.slice(place))];
}

function plain(text) {
  return text.replace(BREAK, "\n").replace(EMPHASIS, "").replace(REFERENCE, character);
}

function character(reference) {
  const named = NAMED[reference.toLowerCase()];
  if (named !== undefined) return named;
  const code = Number(reference.slice(2, -1));
  return code > 31 && code < 0x110000 ? String.fromCodePoint(code) : reference;
}
