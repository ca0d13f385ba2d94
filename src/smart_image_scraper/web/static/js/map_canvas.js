// Serve: a layer of the map that paints itself on one canvas.

import L from "../vendor/leaflet.js";

/** `paint(context, frame)` is called whenever the map has moved; `frame` says what is to be seen. */
export const CanvasLayer = L.Renderer.extend({
  options: { padding: 0.2 },

  initialize(paint, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this._paint = paint;
  },

  /** Paint again, at the same place. */
  repaint() {
    if (this._map && !this._map._animatingZoom) this._update();
  },

  _initContainer() {
    this._container = L.DomUtil.create("canvas");
  },

  _destroyContainer() {
    this._container.remove();
    delete this._container;
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const dots = window.devicePixelRatio || 1;
    const canvas = this._container;
    L.DomUtil.setPosition(canvas, this._bounds.min);
    canvas.width = Math.round(size.x * dots);
    canvas.height = Math.round(size.y * dots);
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    const context = canvas.getContext("2d");
    context.setTransform(dots, 0, 0, dots, -this._bounds.min.x * dots, -this._bounds.min.y * dots);
    this._paint(context, { map: this._map, bounds: this._bounds, dots });
    this.fire("update");
  },
});
