// Serve: photos on the map: each alone where they are few, else circles of many, or their density.

import { narrowest, near } from "./map_geometry.js";

const POINT_RADIUS = 6;
const SMALLEST_CELL = 4;
const LARGEST_CELL = 22;
const CLUSTER_PX = 42;
const CLUSTER_FROM = 4; // fewer lie beside each other well enough
const TOUCH = 4;
const DENSITY_COLORS = ["#3b4cc000", "#4a6fe3aa", "#29a7b5cc", "#5fc46be0", "#f0c530f0", "#e8502ef8"];

/** What the server answered, as circles in the pixels of the map as it stands. */
export function placed(answer, map, { clustered }) {
  const centre = map.getCenter().lng;
  const at = ({ latitude, longitude }) => map.latLngToLayerPoint([latitude, near(longitude, centre)]);
  const circles = answer.points
    ? answer.points.map((point) => ({ ...at(point), radius: POINT_RADIUS, weight: 1, point }))
    : answer.cells.map((cell) => ({ ...at(cell), radius: SMALLEST_CELL, weight: cell.count, cell }));
  return clustered ? clustersOf(circles, map.getPixelOrigin()) : circles;
}

// Those in the same square of the world's pixels, so that clusters stay what they are when it moves.
function clustersOf(circles, origin) {
  const squares = new Map();
  for (const circle of circles) {
    const square = [circle.x + origin.x, circle.y + origin.y].map((pixel) => Math.floor(pixel / CLUSTER_PX));
    const key = String(square);
    if (squares.has(key)) squares.get(key).push(circle);
    else squares.set(key, [circle]);
  }
  const beside = (group) => group.length < CLUSTER_FROM && group.every(({ point }) => point);
  const clusters = [...squares.values()].flatMap((group) => (beside(group) ? group : [clusterOf(group)]));
  return readable(sized(clusters).sort((one, other) => other.radius - one.radius));
}

// A smaller circle that would cross out the number of a larger one is counted in that.
function readable(circles) {
  const kept = [];
  for (const circle of circles) {
    const place = kept.findIndex((larger) => larger.cell && covers(circle, larger));
    if (place < 0) kept.push(circle);
    else {
      const { x, y, radius } = kept[place];
      kept[place] = { ...clusterOf([kept[place], circle]), x, y, radius };
    }
  }
  return kept;
}

function covers(circle, { x, y, radius }) {
  return Math.hypot(circle.x - x, circle.y - y) < circle.radius + radius * 0.45;
}

function clusterOf(circles) {
  const weight = circles.reduce((sum, each) => sum + each.weight, 0);
  const mean = (name) => circles.reduce((sum, each) => sum + each[name] * each.weight, 0) / weight;
  const edges = circles.map(({ point, cell }) => cell ?? boxAt(point));
  const [west, east] = narrowest(edges.flatMap((edge) => [edge.west, edge.east]));
  const cell = {
    west, east,
    south: Math.min(...edges.map(({ south }) => south)),
    north: Math.max(...edges.map(({ north }) => north)),
    color: commonest(circles),
    photo: (circles[0].point ?? { id: circles[0].cell.photo }).id,
  };
  return { x: mean("x"), y: mean("y"), weight, cell };
}

function boxAt({ longitude, latitude }) {
  return { west: longitude, east: longitude, south: latitude, north: latitude };
}

// Four times the photos have twice the area: a thousand and one can both be seen.
function sized(circles) {
  const most = Math.max(1, ...circles.map(({ weight }) => weight));
  return circles.map((circle) => ({
    ...circle,
    radius: circle.point ? POINT_RADIUS : cellRadius(circle.weight, most),
  }));
}

function cellRadius(weight, most) {
  const share = LARGEST_CELL * (weight / most) ** 0.25;
  return Math.max(SMALLEST_CELL, Math.min(share, 9 + 2 * Math.log2(weight)));
}

function commonest(circles) {
  const counts = new Map();
  for (const { point, cell, weight } of circles) {
    const { color } = point ?? cell;
    counts.set(color, (counts.get(color) ?? 0) + weight);
  }
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
}

/** All circles under a place, the one that is nearest first. */
export function under(circles, { x, y }) {
  const distance = (circle) => Math.hypot(circle.x - x, circle.y - y);
  return circles
    .filter((circle) => distance(circle) <= circle.radius + TOUCH)
    .sort((one, other) => distance(one) - distance(other));
}

export function paintCircles(context, circles, { palette, colors, chosen }) {
  for (const circle of circles) {
    const { color } = circle.point ?? circle.cell;
    context.beginPath();
    context.arc(circle.x, circle.y, circle.radius, 0, 2 * Math.PI);
    context.fillStyle = color === null ? colors.unknown : palette[color % palette.length];
    context.globalAlpha = circle.point ? 0.9 : 0.82;
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = circle.point?.id === chosen ? 3 : 1.2;
    context.strokeStyle = circle.point?.id === chosen ? colors.text : colors.edge;
    context.stroke();
  }
  for (const circle of circles) if (circle.cell && circle.radius >= 10) paintCount(context, circle);
}

function paintCount(context, { x, y, radius, weight }) {
  const words = brief(weight);
  context.font = `600 ${Math.min(13, Math.max(9, radius * 0.72))}px system-ui, sans-serif`;
  if (context.measureText(words).width > radius * 1.8) return;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = "#fff";
  context.fillText(words, x, y + 0.5);
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export function brief(number) {
  return compact.format(number);
}

/** How close photos lie, as colours from blue (few) to red. */
export function paintDensity(context, circles, { bounds, dots }) {
  const size = bounds.getSize();
  // Half the dots: it is a blur, and four times as fast.
  const scale = dots / 2;
  const sheet = new OffscreenCanvas(Math.ceil(size.x * scale), Math.ceil(size.y * scale));
  const blurred = sheet.getContext("2d", { willReadFrequently: true });
  blurred.scale(scale, scale);
  blurred.translate(-bounds.min.x, -bounds.min.y);
  const most = Math.log1p(Math.max(1, ...circles.map((circle) => circle.weight)));
  for (const { x, y, weight } of circles) stamp(blurred, { x, y }, Math.log1p(weight) / most);
  colour(blurred, sheet);
  context.drawImage(sheet, bounds.min.x, bounds.min.y, size.x, size.y);
}

function stamp(context, { x, y }, strength) {
  const radius = 26;
  const light = context.createRadialGradient(x, y, 0, x, y, radius);
  light.addColorStop(0, `rgb(0 0 0 / ${0.15 + 0.6 * strength})`);
  light.addColorStop(1, "rgb(0 0 0 / 0)");
  context.fillStyle = light;
  context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
}

function colour(context, sheet) {
  const image = context.getImageData(0, 0, sheet.width, sheet.height);
  const ramp = densityRamp();
  for (let at = 0; at < image.data.length; at += 4) {
    const shade = image.data[at + 3] * 4;
    if (shade) image.data.set(ramp.subarray(shade, shade + 4), at);
  }
  context.putImageData(image, 0, 0);
}

let ramp;

function densityRamp() {
  if (!ramp) {
    const context = new OffscreenCanvas(256, 1).getContext("2d");
    const band = context.createLinearGradient(0, 0, 256, 0);
    DENSITY_COLORS.forEach((color, index) =>
      band.addColorStop(index / (DENSITY_COLORS.length - 1), color),
    );
    context.fillStyle = band;
    context.fillRect(0, 0, 256, 1);
    ramp = context.getImageData(0, 0, 256, 1).data;
  }
  return ramp;
}
