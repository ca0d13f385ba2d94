// Serve: a box drawn on the map, with Shift or after a button was pressed, by mouse, pen or finger.

const LEAST_PX = 6;

export class BoxDrag {
  #map;
  #drawn;
  #frame = document.createElement("div");
  #from = null;
  #armed = false;
  #ended = -Infinity;

  /** `drawn(edges)` gets { west, south, east, north }, or null if the drag was given up. */
  constructor(map, { drawn }) {
    this.#map = map;
    this.#drawn = drawn;
    this.#frame.className = "map-frame";
    this.#frame.hidden = true;
    const container = map.getContainer();
    container.append(this.#frame);
    container.addEventListener("pointerdown", (event) => this.#begin(event), { capture: true });
    container.addEventListener("pointermove", (event) => this.#follow(event));
    container.addEventListener("pointerup", (event) => this.#end(event));
    container.addEventListener("pointercancel", () => this.cancel());
  }

  /** Whether a drag draws a box even without Shift. */
  set armed(armed) {
    this.#armed = armed;
    this.#map.dragging[armed ? "disable" : "enable"]();
    this.#map.getContainer().classList.toggle("map-selecting", armed);
    if (!armed) this.#hide();
  }

  /** Whether a click now is the end of a drag. */
  get justEnded() {
    return performance.now() - this.#ended < 200;
  }

  cancel() {
    if (!this.#from) return;
    this.#hide();
    this.#drawn(null);
  }

  #hide() {
    this.#from = null;
    this.#frame.hidden = true;
  }

  #begin(event) {
    const onControl = event.target.closest(".leaflet-control, .map-panel");
    if (onControl || event.button !== 0 || !(this.#armed || event.shiftKey)) return;
    event.stopPropagation();
    this.#map.getContainer().setPointerCapture(event.pointerId);
    this.#from = this.#map.mouseEventToContainerPoint(event);
    this.#show(this.#from);
  }

  #follow(event) {
    if (this.#from) this.#show(this.#map.mouseEventToContainerPoint(event));
  }

  #show(to) {
    const style = this.#frame.style;
    style.left = `${Math.min(this.#from.x, to.x)}px`;
    style.top = `${Math.min(this.#from.y, to.y)}px`;
    style.width = `${Math.abs(this.#from.x - to.x)}px`;
    style.height = `${Math.abs(this.#from.y - to.y)}px`;
    this.#frame.hidden = false;
  }

  #end(event) {
    if (!this.#from) return;
    const [from, to] = [this.#from, this.#map.mouseEventToContainerPoint(event)];
    this.#hide();
    this.#ended = performance.now();
    if (Math.min(Math.abs(from.x - to.x), Math.abs(from.y - to.y)) < LEAST_PX) return this.#drawn(null);
    const [one, other] = [from, to].map((point) => this.#map.containerPointToLatLng(point));
    this.#drawn({
      west: Math.min(one.lng, other.lng),
      south: Math.min(one.lat, other.lat),
      east: Math.max(one.lng, other.lng),
      north: Math.max(one.lat, other.lat),
    });
  }
}
