// Thumbnails: all that a page lacks in one binary answer, the latest kept as addresses of blobs.

const KEPT = 1500;
const AT_ONCE = 256;
const EDGES = [160, 320, 640];

/** The size of thumbnail that fills so many pixels of the screen; null if none does. */
export function edgeFor(pixels) {
  return EDGES.find((edge) => edge >= pixels * 0.9) ?? null;
}

export class Thumbs {
  #api;
  #urls = new Map(); // in the order of their last use
  arrived = 0; // how many batches have come: whoever shows thumbnails draws anew when it changes

  constructor(api) {
    this.#api = api;
  }

  /** Return the address of a card's thumbnail; null if it has no file or is not here yet. */
  url(card, edge) {
    const key = keyOf(card, edge);
    const url = this.#urls.get(key);
    if (url === undefined) return null;
    this.#urls.delete(key);
    this.#urls.set(key, url);
    return url;
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
      this.#put(keyOf(card, edge), new Uint8Array(buffer, place, length));
      place += length;
    }
    this.arrived += 1;
    this.#forgetOldest();
  }

  #put(key, bytes) {
    const type = bytes[0] === 0xff ? "image/jpeg" : "image/webp";
    this.#forget(key);
    this.#urls.set(key, bytes.length ? URL.createObjectURL(new Blob([bytes], { type })) : null);
  }

  #forgetOldest() {
    for (const key of this.#urls.keys()) {
      if (this.#urls.size <= KEPT) return;
      this.#forget(key);
    }
  }

  #forget(key) {
    const url = this.#urls.get(key);
    if (url) URL.revokeObjectURL(url);
    this.#urls.delete(key);
  }
}

function keyOf(card, edge) {
  return `${card.id}/${card.picture}/${edge}`;
}
