// Serve: land and borders, from shapes that come with the program; no tile is ever fetched.

import feature from "../vendor/topojson/feature.js";
import mesh from "../vendor/topojson/mesh.js";

const SHAPES = { coarse: "countries-110m.json", fine: "countries-50m.json" };
export const FINE_FROM_ZOOM = 4;

// The projection of web maps ends here; Leaflet's does, too.
const NORTHMOST = 85.0511287798;

const loading = new Map();

/** Land and borders as paths in a world that is 1 wide and 1 high; each is fetched once. */
export function loadShapes(detail) {
  if (!loading.has(detail)) {
    const address = new URL(`../vendor/${SHAPES[detail]}`, import.meta.url);
    const shapes = fetch(address).then(async (reply) => pathsOf(await reply.json()));
    shapes.catch(() => loading.delete(detail));
    loading.set(detail, shapes);
  }
  return loading.get(detail);
}

function pathsOf(atlas) {
  const land = new Path2D();
  for (const { geometry } of feature(atlas, atlas.objects.land).features) {
    for (const polygon of geometry.coordinates) polygon.forEach((ring) => trace(land, ring, true));
  }
  const borders = new Path2D();
  const between = mesh(atlas, atlas.objects.countries, (one, other) => one !== other);
  between.coordinates.forEach((line) => trace(borders, line, false));
  return { land, borders };
}

// A ring over the 180th meridian goes on past it; the copy of the world beside has its other part.
function trace(path, line, closed) {
  let shift = 0;
  line.forEach(([longitude, latitude], index) => {
    const before = line[Math.max(0, index - 1)][0];
    if (Math.abs(longitude - before) > 180) shift += longitude < before ? 360 : -360;
    const [x, y] = projected(longitude + shift, latitude);
    if (index === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
  });
  if (shift !== 0 && closed) closeRoundPole(path, line, shift);
  if (closed) path.closePath();
}

function closeRoundPole(path, line, shift) {
  const pole = line[0][1] < 0 ? -90 : 90;
  path.lineTo(...projected(line.at(-1)[0] + shift, pole));
  path.lineTo(...projected(line[0][0], pole));
}

function projected(longitude, latitude) {
  const bounded = Math.max(-NORTHMOST, Math.min(NORTHMOST, latitude));
  const sine = Math.sin((bounded * Math.PI) / 180);
  return [longitude / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

/** Paint each copy of the world that is in sight. */
export function paintLand(context, { map, bounds, dots }, { shapes, colors }) {
  const size = 256 * 2 ** map.getZoom();
  const origin = map.getPixelOrigin();
  const first = Math.floor((bounds.min.x + origin.x) / size);
  const last = Math.floor((bounds.max.x + origin.x) / size);
  context.lineJoin = "round";
  for (let copy = first - 1; copy <= last + 1; copy += 1) {
    context.setTransform(
      size * dots, 0, 0, size * dots,
      (copy * size - origin.x - bounds.min.x) * dots, (-origin.y - bounds.min.y) * dots,
    );
    context.fillStyle = colors.land;
    context.fill(shapes.land, "evenodd");
    context.strokeStyle = colors.border;
    context.lineWidth = 0.8 / size;
    context.stroke(shapes.borders);
  }
}
