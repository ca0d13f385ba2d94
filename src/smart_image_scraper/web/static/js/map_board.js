// Serve: the map itself: Leaflet with land, photos and the filter's box, each on a canvas.

import L from "../vendor/leaflet.js";
import { BoxDrag } from "./map_box.js";
import { CanvasLayer } from "./map_canvas.js";
import { boxOf, edgesOf, narrowest, near } from "./map_geometry.js";
import { FINE_FROM_ZOOM, loadShapes, paintLand } from "./map_land.js";
import { paintCircles, paintDensity, placed, under } from "./map_photos.js";

const CELL_PX = 26;
const MOST_CELLS = 96;
const CLOSE = 8; // the zoom at which a place is shown with what is around it
const WIDE = 200; // degrees of longitude that are shown as the whole world, but for a narrow map,
const NARROW_PX = 640; // which would cut some off
const CLOSEST = { shapes: 12, tiles: 18 };

// Far apart in hue and lightness, for light and dark, and for most who see fewer colours.
export const PALETTE = [
  "#3f7fd9", "#d9652b", "#2a9d74", "#b04fc4", "#b98a00", "#d6455f",
  "#1a9cb0", "#7a68d8", "#6b8a1f", "#a86a3d", "#d36fa8", "#7d8794",
];
const SCALE = ["#5566c9", "#2f8fc4", "#1fa38a", "#86a92c", "#e08a1e", "#d9442f"];

/** The colours of an answer's `colors`: of things, or of a scale from low to high. */
export function paletteFor(color, colors) {
  if (color === "term") return PALETTE;
  const step = (SCALE.length - 1) / Math.max(1, colors.length - 1);
  return colors.map((_, index) => SCALE[Math.round(index * step)]);
}

export class Board {
  #map;
  #land;
  #photos;
  #drag;
  #told;
  #shapes = null;
  #answer = null;
  #circles = [];
  #look = { layer: "photos", palette: PALETTE, chosen: null, box: null };

  /** `told`: { moved(), picked(circles, event), pointed(circle, event), drew(edges) } */
  constructor(element, { told, tiles }) {
    this.#told = told;
    this.#map = L.map(element, {
      attributionControl: false, boxZoom: false, maxZoom: tiles ? CLOSEST.tiles : CLOSEST.shapes,
      maxBounds: [[-85, -Infinity], [85, Infinity]], maxBoundsViscosity: 1, preferCanvas: true,
      wheelPxPerZoomLevel: 90, worldCopyJump: true, zoomControl: false, zoomSnap: 0.25,
      zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    this.#land = new CanvasLayer((context, frame) => this.#paintLand(context, frame), { pane: "tilePane" });
    this.#photos = new CanvasLayer((context, frame) => this.#paintPhotos(context, frame), { pane: "overlayPane" });
    this.showWorld();
    if (tiles) L.tileLayer(tiles.url, { maxZoom: CLOSEST.tiles }).addTo(this.#map);
    else this.#land.addTo(this.#map);
    this.#photos.addTo(this.#map);
    L.control.scale({ position: "bottomright" }).addTo(this.#map);
    this.#drag = new BoxDrag(this.#map, { drawn: (edges) => told.drew(edges) });
    this.#listen(element);
    if (!tiles) this.#loadShapes();
  }

  remove() {
    this.resizes.disconnect();
    this.#map.remove();
  }

  /** What the map shows, [west, south, east, north], and how many cells side by side. */
  get view() {
    const bounds = this.#map.getBounds();
    const box = boxOf({
      west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth(),
    });
    const world = 256 * 2 ** this.#map.getZoom();
    const width = Math.min(this.#map.getSize().x, world);
    return { box, cells: Math.max(8, Math.min(MOST_CELLS, Math.round(width / CELL_PX))) };
  }

  /** Whether what lies here cannot be drawn further apart. */
  get isClosest() {
    return this.#map.getZoom() > this.#map.getMaxZoom() - 0.1;
  }

  /** Where the map is, as words for the address. */
  get at() {
    const { lat, lng } = this.#map.getCenter().wrap();
    return [lat.toFixed(3), lng.toFixed(3), this.#map.getZoom()].join(",");
  }

  /** Go at once where words of an address say: who follows a link does not see the way there. */
  goTo(words) {
    const [latitude, longitude, zoom] = words.split(",").map(Number);
    if ([latitude, longitude, zoom].every(Number.isFinite)) {
      this.#map.setView([latitude, longitude], zoom, { animate: false });
    }
  }

  set armed(armed) {
    this.#drag.armed = armed;
  }

  show(answer) {
    this.#answer = answer;
    this.#photos.repaint();
  }

  look(part) {
    Object.assign(this.#look, part);
    this.#photos.repaint();
  }

  repaint() {
    this.#land.repaint();
    this.#photos.repaint();
  }

  zoom(steps) {
    this.#map.setZoom(this.#map.getZoom() + steps);
  }

  showWorld() {
    const size = this.#map.getSize();
    const zoom = Math.floor(4 * Math.log2(Math.max(size.x, size.y * 0.8, 200) / 256)) / 4;
    this.#map.setView([18, 12], Math.max(0, zoom), { animate: false });
  }

  showBox(box, { closest = Infinity } = {}) {
    const { west, south, east, north } = edgesOf(box);
    const shift = near((west + east) / 2, this.#map.getCenter().lng) - (west + east) / 2;
    this.#map.fitBounds([[south, west + shift], [north, east + shift]], { padding: [40, 40], maxZoom: Math.min(closest, this.#map.getMaxZoom()) });
  }

  /** Go to where all photos of an answer lie. */
  showPlaces(answer) {
    const places = answer.points ?? answer.cells;
    if (places.length === 0) return;
    const latitudes = places.map((place) => place.latitude);
    const [west, east] = narrowest(places.map((place) => place.longitude));
    if (east - west > WIDE && this.#map.getSize().x > NARROW_PX) this.showWorld();
    else this.showBox([west, Math.min(...latitudes), east, Math.max(...latitudes)], { closest: CLOSE });
  }

  #listen(element) {
    this.#map.on("moveend", () => this.#told.moved());
    this.#map.on("click", (event) => {
      if (!this.#drag.justEnded) this.#told.picked(under(this.#circles, event.layerPoint), event);
    });
    this.#map.on("mousemove", (event) => {
      const [first] = under(this.#circles, event.layerPoint);
      element.classList.toggle("map-pointing", Boolean(first));
      this.#told.pointed(first ?? null, event.containerPoint);
    });
    this.#map.on("mouseout", () => this.#told.pointed(null));
    this.#map.on("zoomend", () => this.#map.getZoom() >= FINE_FROM_ZOOM && this.#loadShapes("fine"));
    // A view that is left has no size, until it is told to end.
    this.resizes = new ResizeObserver(() => element.isConnected && this.#map.invalidateSize());
    this.resizes.observe(element);
  }

  async #loadShapes(detail = "coarse") {
    if (this.#shapes?.detail === "fine" || !this.#map.hasLayer(this.#land)) return;
    try {
      this.#shapes = { detail, ...(await loadShapes(detail)) };
      this.#land.repaint();
    } catch {
      // Photos are shown where they lie all the same; the next zoom tries again.
    }
  }

  #paintLand(context, frame) {
    if (this.#shapes) paintLand(context, frame, { shapes: this.#shapes, colors: this.#colors() });
  }

  #paintPhotos(context, frame) {
    if (this.#look.box) this.#paintBox(context);
    if (!this.#answer) return;
    const { layer, palette, chosen } = this.#look;
    const clustered = layer !== "density" && !this.isClosest;
    this.#circles = placed(this.#answer, this.#map, { clustered });
    if (layer === "density") paintDensity(context, this.#circles, frame);
    else paintCircles(context, this.#circles, { palette, colors: this.#colors(), chosen });
  }

  #paintBox(context) {
    const { west, south, east, north } = edgesOf(this.#look.box);
    const shift = near((west + east) / 2, this.#map.getCenter().lng) - (west + east) / 2;
    const from = this.#map.latLngToLayerPoint([north, west + shift]);
    const to = this.#map.latLngToLayerPoint([south, east + shift]);
    const { accent } = this.#colors();
    context.fillStyle = accent;
    context.globalAlpha = 0.08;
    context.fillRect(from.x, from.y, to.x - from.x, to.y - from.y);
    context.globalAlpha = 1;
    context.strokeStyle = accent;
    context.lineWidth = 1.5;
    context.setLineDash([6, 4]);
    context.strokeRect(from.x, from.y, to.x - from.x, to.y - from.y);
    context.setLineDash([]);
  }

  // As the style sheet has them now: light or dark.
  #colors() {
    const style = getComputedStyle(this.#map.getContainer());
    const names = ["land", "border", "edge", "unknown", "text", "accent"];
    return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim()]));
  }
}
