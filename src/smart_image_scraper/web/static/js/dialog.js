// A dialog over the page: the browser keeps the focus in it and gives it back afterwards.

import { Component, createRef, html } from "./dom.js";
import { Icon } from "./icons.js";
import { bindKeys } from "./keys.js";
import { t } from "./texts.js";

export class Dialog extends Component {
  element = createRef();

  componentDidMount() {
    this.before = document.activeElement;
    this.element.current.showModal();
    this.end = bindKeys(this.props.mode ?? "dialog", this.props.handlers ?? {});
  }

  componentWillUnmount() {
    this.end();
    this.element.current?.close();
    if (this.before?.isConnected) this.before.focus({ preventScroll: true });
  }

  // Escape comes as "cancel"; the one who opened the dialog closes it.
  cancel = (event) => {
    event.preventDefault();
    this.props.onClose();
  };

  clicked = (event) => {
    if (event.target === this.element.current) this.props.onClose();
  };

  render({ label, kind, title, onClose, children }) {
    return html`
      <dialog ref=${this.element} class=${`dialog dialog-${kind}`} aria-label=${label} onCancel=${this.cancel} onClick=${this.clicked}>
        <div class="dialog-body">
          ${title &&
          html`<div class="dialog-head">
            <h2>${title}</h2>
            <button type="button" class="icon-button" aria-label=${t("app.close")} onClick=${onClose}><${Icon} name="close" /></button>
          </div>`}
          ${children}
        </div>
      </dialog>
    `;
  }
}
