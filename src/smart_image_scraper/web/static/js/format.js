// Values as people read them.

import { hasText, LANGUAGE, t } from "./texts.js";

const numbers = new Intl.NumberFormat(LANGUAGE);
const regions = new Intl.DisplayNames([LANGUAGE], { type: "region" });
const GRANULARITIES = {
  second: { dateStyle: "medium", timeStyle: "short" },
  day: { dateStyle: "medium" },
  month: { year: "numeric", month: "long" },
  year: { year: "numeric" },
  circa: { year: "numeric" },
};

export function number(value) {
  return numbers.format(value);
}

/** What the server says, which begins small, as a sentence of its own; a path or a name stays as it is. */
export function sentence(text) {
  return /^\p{Ll}+[ ,]/u.test(text) ? text[0].toLocaleUpperCase(LANGUAGE) + text.slice(1) : text;
}

export function score(value) {
  return value === null || value === undefined ? "–" : value.toFixed(2);
}

/** A date taken: local time without a zone, as exactly as it is known. */
export function taken(local, granularity = "second") {
  const when = local && new Date(`${local.slice(0, 19)}Z`);
  if (!when || Number.isNaN(when.getTime())) return null;
  const form = GRANULARITIES[granularity] ?? GRANULARITIES.second;
  const text = new Intl.DateTimeFormat(LANGUAGE, { ...form, timeZone: "UTC" }).format(when);
  return granularity === "circa" ? `c. ${text}` : text;
}

/** A moment in the reader's own zone. */
export function moment(iso) {
  const when = new Date(iso);
  if (Number.isNaN(when.getTime())) return iso ?? "";
  return new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "short" }).format(when);
}

export function month(value) {
  return new Intl.DateTimeFormat(LANGUAGE, { month: "long", timeZone: "UTC" }).format(
    Date.UTC(2000, value - 1),
  );
}

export function countryName(code, schema) {
  const known = schema?.countries.find((country) => country.code === code)?.name;
  if (known) return known;
  try {
    return regions.of(code);
  } catch {
    return code;
  }
}

export function licenseName(word, schema) {
  return schema?.licenses.find((license) => license.word === word)?.name ?? word;
}

export function siteName(word) {
  return hasText(`sites.${word}`) ? t(`sites.${word}`) : word;
}

export function position({ latitude, longitude }) {
  const north = `${Math.abs(latitude).toFixed(4)}° ${latitude < 0 ? "S" : "N"}`;
  return `${north}, ${Math.abs(longitude).toFixed(4)}° ${longitude < 0 ? "W" : "E"}`;
}

/** An address that may be linked to: http and https only; null for all else. */
export function safeLink(address) {
  try {
    const { protocol, href } = new URL(address);
    return protocol === "https:" || protocol === "http:" ? href : null;
  } catch {
    return null;
  }
}

/** The name of an order, as in "monkey: highest first". */
export function orderName(order) {
  const [kind, concept] = splitOrder(order);
  return t(`orders.${kind}`, { concept });
}

/** An order's kind and what it is about: "similar:flickr:5" is ["similar", "flickr:5"]. */
export function splitOrder(order) {
  const place = order.indexOf(":");
  return place < 0 ? [order, null] : [order.slice(0, place), order.slice(place + 1)];
}
