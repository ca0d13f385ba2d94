// A small map of one place: the land around it, drawn from the shapes that come along.

import feature from "../vendor/topojson/feature.js";
import { Component, html } from "./dom.js";
import { position } from "./format.js";
import { Icon } from "./icons.js";
import { t } from "./texts.js";

const WIDTH = 60; // degrees that are seen
const HEIGHT = 30;
const NEAR = 8; // the zoom that "show on the map" asks for

let land = null;

// Fetched once, when the first photo with a place is opened.
async function loadLand() {
  const topology = await (await fetch(new URL("../vendor/countries-110m.json", import.meta.url))).json();
  return feature(topology, topology.objects.countries)
    .features.map(({ geometry }) => geometry)
    .filter(Boolean)
    .map(pathOf)
    .join("");
}

function pathOf({ type, coordinates }) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.flat().map(ringOf).join("");
}

// A ring that jumps from one end of the world to the other is cut where it jumps.
function ringOf(ring) {
  let before = ring[0][0];
  const points = ring.map(([longitude, latitude]) => {
    const step = Math.abs(longitude - before) > 180 ? "M" : "L";
    before = longitude;
    return `${step}${longitude.toFixed(1)} ${(-latitude).toFixed(1)}`;
  });
  return `M${points.join("").slice(1)}`;
}

export class Locator extends Component {
  state = { path: null };

  async componentDidMount() {
    try {
      land ??= loadLand();
      this.setState({ path: await land });
    } catch {
      land = null; // the position stays to be read; the next photo tries again
    }
  }

  show = () => {
    const { app, coordinates } = this.props;
    const at = [coordinates.latitude, coordinates.longitude, NEAR].join(",");
    app.change({ view: "map", photo: null, at });
  };

  render({ coordinates, where }, { path }) {
    const { latitude, longitude } = coordinates;
    const spoken = position(coordinates);
    const view = `${longitude - WIDTH / 2} ${-latitude - HEIGHT / 2} ${WIDTH} ${HEIGHT}`;
    return html`
      <svg
        class="locator"
        viewBox=${view}
        preserveAspectRatio="xMidYMid slice"
        role="img"
        aria-label=${t("photo.mapLabel", { where: where || spoken })}
      >
        ${
          path &&
          [-360, 0, 360].map(
            (shift) => html`
              <path class="land" d=${path} transform=${`translate(${shift})`} />
            `,
          )
        }
        <circle class="spot-around" cx=${longitude} cy=${-latitude} r="2" />
        <circle class="spot" cx=${longitude} cy=${-latitude} r=".7" />
      </svg>
      <p class="locator-foot">
        <span class="muted">${spoken}</span>
        <button type="button" class="link-button" onClick=${this.show}>
          <${Icon} name="map" />
          ${t("photo.onMap")}
        </button>
      </p>
    `;
  }
}
