// A dialog over the page: the browser keeps the focus in it and gives it back afterwards. One that
// is handed the app shows the notes that pass.

import { Component, createRef, html } from "./dom.js";
import { Icon } from "./icons.js";
import { bindKeys } from "./keys.js";
import { Note } from "./notices.js";
import { t } from "./texts.js";

export class Dialog extends Component {
  element = createRef();

  componentDidMount() {
    this.before = document.activeElement;
    this.element.current.showModal();
    const { app } = this.props;
    if (app) this.setState({ layer: (app.notices.layer += 1) });
    this.end = bindKeys(this.props.mode ?? "dialog", this.props.handlers ?? {});
  }

  componentWillUnmount() {
    this.end();
    if (this.props.app) this.props.app.notices.layer -= 1;
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

  render({ app, label, kind, title, onClose, children }, { layer }) {
    return html`
      <dialog
        ref=${this.element}
        class=${`dialog dialog-${kind}`}
        aria-label=${label}
        onCancel=${this.cancel}
        onClick=${this.clicked}
      >
        <div class="dialog-body">
          ${
            title &&
            html`
              <div class="dialog-head">
                <h2>${title}</h2>
                <button type="button" class="icon-button" aria-label=${t("app.close")} onClick=${onClose}>
                  <${Icon} name="close" />
                </button>
              </div>
            `
          }
          ${children}
        </div>
        ${
          layer &&
          html`
            <${Note} app=${app} layer=${layer} />
          `
        }
      </dialog>
    `;
  }
}
