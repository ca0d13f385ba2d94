// The keys: one map drives both what they do and the legend that `?` shows.
//
// A row says in which mode it holds, what it does (`keys.<does>` in texts.js), and which keys do it.
// Whoever can do it says so with `bindKeys(mode, { does: handler })`, and unbinds when it goes.
// The mode bound last wins; "anywhere" holds beneath all of them, but beneath an open dialog only what
// holds always.

export const KEY_MAP = [
  { mode: "anywhere", does: "search", keys: ["/"] },
  { mode: "anywhere", does: "help", keys: ["?"], always: true },
  { mode: "anywhere", does: "close", keys: ["Escape"] },
  { mode: "anywhere", does: "filters", keys: ["f"] },
  { mode: "anywhere", does: "view1", keys: ["g"] },
  { mode: "anywhere", does: "view2", keys: ["m"] },
  { mode: "anywhere", does: "view3", keys: ["c"] },
  { mode: "anywhere", does: "view4", keys: ["r"] },
  { mode: "gallery", does: "left", keys: ["ArrowLeft"] },
  { mode: "gallery", does: "right", keys: ["ArrowRight"] },
  { mode: "gallery", does: "up", keys: ["ArrowUp"] },
  { mode: "gallery", does: "down", keys: ["ArrowDown"] },
  { mode: "gallery", does: "open", keys: ["Enter", " "] },
  { mode: "gallery", does: "nextPage", keys: ["PageDown", "n"] },
  { mode: "gallery", does: "previousPage", keys: ["PageUp", "p"] },
  { mode: "gallery", does: "firstPhoto", keys: ["Home"] },
  { mode: "gallery", does: "lastPhoto", keys: ["End"] },
  { mode: "gallery", does: "bigger", keys: ["+"] },
  { mode: "gallery", does: "smaller", keys: ["-"] },
  { mode: "photo", does: "previous", keys: ["ArrowLeft"] },
  { mode: "photo", does: "next", keys: ["ArrowRight", " "] },
  { mode: "photo", does: "fullScreen", keys: ["f"] },
  { mode: "photo", does: "similar", keys: ["s"] },
  { mode: "photo", does: "accept", keys: ["a"] },
  { mode: "photo", does: "reject", keys: ["x"] },
  { mode: "photo", does: "undo", keys: ["u"] },
  { mode: "map", does: "zoomIn", keys: ["+"] },
  { mode: "map", does: "zoomOut", keys: ["-"] },
  { mode: "map", does: "mapAll", keys: ["a"] },
  { mode: "map", does: "mapSelect", keys: ["b"] },
  { mode: "map", does: "mapLayer", keys: ["d"] },
  { mode: "map", does: "close", keys: ["Escape"] },
  { mode: "review", does: "isThere", keys: ["y"] },
  { mode: "review", does: "notThere", keys: ["n"] },
  { mode: "review", does: "accept", keys: ["a"] },
  { mode: "review", does: "reject", keys: ["x"] },
  { mode: "review", does: "undo", keys: ["u"] },
  { mode: "review", does: "previous", keys: ["ArrowLeft"] },
  { mode: "review", does: "next", keys: ["ArrowRight", " "] },
  { mode: "review", does: "selectPrevious", keys: ["Shift+ArrowLeft"] },
  { mode: "review", does: "selectNext", keys: ["Shift+ArrowRight"] },
  { mode: "review", does: "selectAll", keys: ["Shift+A"] },
  { mode: "review", does: "open", keys: ["Enter"] },
  { mode: "review", does: "learn", keys: ["l"] },
  { mode: "review", does: "chooseConcept", keys: ["0", "1", "2", "3", "4", "5"] },
  { mode: "review", does: "selectNone", keys: ["Escape"] },
];

const TEXT_FIELDS =
  "input:not([type=checkbox], [type=radio], [type=range]), select, textarea, [contenteditable]";
const LETTERS_KEPT = "sis-letters";
const bound = [];

/** Let a mode's rows be done by these handlers; returns the function that ends it. */
export function bindKeys(mode, handlers) {
  const binding = { mode, handlers };
  bound.push(binding);
  return () => bound.splice(bound.indexOf(binding), 1);
}

/** Whether keys without Ctrl and the like do anything: some people's speech types them. */
export function lettersAreOn() {
  return localStorage.getItem(LETTERS_KEPT) !== "off";
}

export function setLetters(on) {
  localStorage.setItem(LETTERS_KEPT, on ? "on" : "off");
}

/** Do what a key means in the mode that is in front. */
export function onKeyDown(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (belongsToField(event) || (event.key.length === 1 && event.key !== " " && !lettersAreOn())) return;
  const dialog = bound.findLastIndex(({ mode }) => mode === "photo" || mode === "dialog");
  for (const [place, { mode, handlers }] of [...bound.entries()].reverse()) {
    const row = rowFor(mode, `Shift+${event.key}`, event.shiftKey) ?? rowFor(mode, event.key, true);
    const handler = row && (place >= dialog || row.always) && handlers[row.does];
    if (!handler || handler(event) === false) continue;
    event.preventDefault();
    return;
  }
}

function rowFor(mode, key, held) {
  return held ? KEY_MAP.find((each) => each.mode === mode && each.keys.includes(key)) : undefined;
}

// A field has its own keys: text takes all but Escape, a control those that move or press it.
function belongsToField({ target, key }) {
  if (!(target instanceof Element) || key === "Escape") return false;
  if (target.closest(TEXT_FIELDS)) return true;
  if (target.closest("input")) return key.length > 1 || key === " ";
  return (
    Boolean(target.closest("button, a, summary")) &&
    !target.closest("[data-grid] a") &&
    (key === "Enter" || key === " ")
  );
}
