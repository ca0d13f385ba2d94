// Serve: longitudes on a map that goes round. Leaflet counts on past the 180th meridian; the server,
// the filter and the store know −180 to 180, and a box with its west above its east crosses it.

export function wrapped(longitude) {
  return ((((longitude + 180) % 360) + 360) % 360) - 180;
}

/** The same place on the copy of the world that is nearest to a longitude. */
export function near(longitude, centre) {
  return longitude + 360 * Math.round((centre - longitude) / 360);
}

/** A box as the filter writes it, [west, south, east, north], of edges that may lie past 180. */
export function boxOf({ west, south, east, north }) {
  const clamp = (latitude) => Math.max(-90, Math.min(90, latitude));
  const whole = east - west >= 360;
  return [
    whole ? -180 : wrapped(west),
    clamp(south),
    whole ? 180 : upTo180(wrapped(east), west),
    clamp(north),
  ];
}

/** The edges of a box, its east at or above its west. */
export function edgesOf([west, south, east, north]) {
  return { west, south, east: east < west ? east + 360 : east, north };
}

/** A box in words of a filter: no more places than a map can show. */
export function wordsOf(box) {
  return box.map((degrees) => String(Math.round(degrees * 1e4) / 1e4)).join(",");
}

export function readBox(words) {
  const box = (words ?? "").split(/[\s,]+/).map(Number);
  return box.length === 4 && box.every(Number.isFinite) ? box : null;
}

/** "8.51° S, 115.26° E" */
export function placeWords(latitude, longitude) {
  const part = (degrees, [positive, negative]) =>
    `${Math.abs(degrees).toFixed(2)}° ${degrees < 0 ? negative : positive}`;
  return `${part(latitude, "NS")}, ${part(wrapped(longitude), "EW")}`;
}

function upTo180(east, west) {
  // An edge right on the meridian is the east of what lies before it, not the west of what follows.
  return east === -180 && west < 180 ? 180 : east;
}

/** The narrowest span of longitudes that holds all of these, [west, east] with east at or above west. */
export function narrowest(longitudes) {
  const sorted = [...new Set(longitudes.map(wrapped))].sort((one, other) => one - other);
  // The widest gap is what the span leaves out; the last one leads round to the first.
  let [widest, after] = [-1, 0];
  sorted.forEach((longitude, index) => {
    const gap = (sorted[index + 1] ?? sorted[0] + 360) - longitude;
    if (gap > widest) [widest, after] = [gap, (index + 1) % sorted.length];
  });
  return [sorted[after], sorted[after] + 360 - widest];
}
