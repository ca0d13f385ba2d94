// A button that opens a panel beside it; Escape and a click elsewhere close it.

import { Component, createRef, html } from "./dom.js";
import { Icon } from "./icons.js";
import { bindKeys } from "./keys.js";

export class Menu extends Component {
  state = { open: false };
  place = createRef();
  button = createRef();

  componentDidUpdate(_, before) {
    if (this.state.open === before.open) return;
    this.end?.();
    this.end = null;
    if (this.state.open) this.begin();
    // A dialog that was opened in it has given the focus back to what went with it.
    else if (document.activeElement === document.body) this.button.current?.focus();
  }

  componentWillUnmount() {
    this.end?.();
  }

  begin() {
    const outside = (event) => this.place.current?.contains(event.target) || this.setState({ open: false });
    addEventListener("pointerdown", outside);
    const unbind = bindKeys("anywhere", { close: () => this.close() });
    this.end = () => {
      removeEventListener("pointerdown", outside);
      unbind();
    };
  }

  close = () => {
    this.setState({ open: false });
    this.button.current?.focus();
    return true;
  };

  render({ icon, label, text, align = "start", children }, { open }) {
    return html`
      <div class="menu" ref=${this.place}>
        <button
          type="button"
          ref=${this.button}
          class=${text ? "button" : "icon-button"}
          title=${text ? undefined : label}
          aria-label=${label}
          aria-expanded=${open}
          onClick=${() => this.setState({ open: !open })}
        >
          <${Icon} name=${icon} />
          ${
            text &&
            html`
              <span class="button-text">${text}</span>
            `
          }
        </button>
        ${
          open &&
          html`
            <div class=${`menu-panel menu-${align}`}>
              ${typeof children === "function" ? children(this.close) : children}
            </div>
          `
        }
      </div>
    `;
  }
}
