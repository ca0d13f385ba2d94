// A section of the filters that can be folded; this device remembers which ones are open.

import { Component, html } from "./dom.js";
import { Icon } from "./icons.js";

const KEPT = "sis-sections";
const OPEN_FIRST = ["scores", "country", "term", "taken"];

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

/** `facets` are those that it shows: in a drag, only what is open is asked for. */
export class Section extends Component {
  constructor(props) {
    super(props);
    this.state = { open: kept()[props.name] ?? OPEN_FIRST.includes(props.name) };
    this.tell();
  }

  tell() {
    const { app, facets = [] } = this.props;
    for (const facet of facets) app.openSections[this.state.open ? "add" : "delete"](facet);
  }

  toggled = (event) => {
    const { open } = event.currentTarget;
    if (open === this.state.open) return;
    localStorage.setItem(KEPT, JSON.stringify({ ...kept(), [this.props.name]: open }));
    this.setState({ open }, () => this.tell());
  };

  render({ title, active = 0, children }, { open }) {
    return html`
      <details class="section" open=${open} onToggle=${this.toggled}>
        <summary class="section-head">
          <h3>${title}</h3>
          ${
            active > 0 &&
            html`
              <span class="badge">${active}</span>
            `
          }
          <${Icon} name="down" />
        </summary>
        ${
          open &&
          html`
            <div class="section-body">${children}</div>
          `
        }
      </details>
    `;
  }
}
