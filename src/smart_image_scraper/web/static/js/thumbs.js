// Thumbnails: all that a page lacks in one binary answer, the latest kept as `data:` addresses.
//
// Not as addresses of blobs: each of those is a call to the browser's main process, and another one
// when it is shown. 64 thumbnails took 19 ms to name and 79 to show, against 0.2 and 33 ms so.

const KEPT_CHARACTERS = 32_000_000; // some 1,500 thumbnails of 320 pixels
const AT_ONCE = 256;
const EDGES = [160, 320, 640];
const CHUNK = 0x8000;

/** The size of thumbnail that fills so many pixels of the screen; null if none does. */
export function edgeFor(pixels) {
  return EDGES.find((edge) => edge >= pixels * 0.9) ?? null;
}

export class Thumbs {
  #api;
  #kept;
  #urls = new Map(); // in the order of their last use; "" for a photo whose file is not here
  #size = 0;
  arrived = 0; // how many batches have come: whoever shows thumbnails draws anew when it changes

  /** `kept`: how many characters of addresses are kept. */
  constructor(api, { kept = KEPT_CHARACTERS } = {}) {
    this.#api = api;
    this.#kept = kept;
  }

  /** Return the address of a card's thumbnail; null if it has no file or is not here yet. */
  url(card, edge) {
    const key = keyOf(card, edge);
    const url = this.#urls.get(key);
    if (url === undefined) return null;
    this.#urls.delete(key);
    this.#urls.set(key, url);
    return url || null;
  }

  /** Whether a card's file was looked for, and is gone or no picture. */
  isLost(card, edge) {
    return this.#urls.get(keyOf(card, edge)) === "";
  }

  /** Fetch the thumbnails of these cards that are not here. */
  async fetch(cards, edge) {
    const lacking = cards.filter((card) => card.picture && !this.#urls.has(keyOf(card, edge)));
    for (let first = 0; first < lacking.length; first += AT_ONCE) {
      const part = lacking.slice(first, first + AT_ONCE);
      const ids = part.map((card) => card.id);
      this.#keep(part, edge, await this.#api.postForBytes("/api/thumbs", { ids, edge }));
    }
  }

  // Each thumbnail follows its length in four bytes, little-endian; 0 is a photo without a file.
  #keep(cards, edge, buffer) {
    const view = new DataView(buffer);
    let place = 0;
    for (const card of cards) {
      const length = view.getUint32(place, true);
      place += 4;
      this.#put(keyOf(card, edge), addressOf(new Uint8Array(buffer, place, length)));
      place += length;
    }
    this.arrived += 1;
    this.#forgetOldest();
  }

  #put(key, url) {
    this.#forget(key);
    this.#urls.set(key, url);
    this.#size += url.length;
  }

  #forgetOldest() {
    for (const key of this.#urls.keys()) {
      if (this.#size <= this.#kept) return;
      this.#forget(key);
    }
  }

  #forget(key) {
    this.#size -= this.#urls.get(key)?.length ?? 0;
    this.#urls.delete(key);
  }
}

function keyOf(card, edge) {
  return `${card.id}/${card.picture}/${edge}`;
}

function addressOf(bytes) {
  if (!bytes.length) return "";
  const type = bytes[0] === 0xff ? "jpeg" : "webp";
  return `data:image/${type};base64,${base64(bytes)}`;
}

// Browsers of before 2025 cannot do it by themselves.
function base64(bytes) {
  if (bytes.toBase64) return bytes.toBase64();
  let text = "";
  for (let first = 0; first < bytes.length; first += CHUNK)
    text += String.fromCharCode(...bytes.subarray(first, first + CHUNK));
  return btoa(text);
}
