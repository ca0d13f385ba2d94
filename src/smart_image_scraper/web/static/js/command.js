// The filter as commands: what the page shows, `sis list` and `sis export` give as well.

import { copyText } from "./copy.js";
import { Dialog } from "./dialog.js";
import { Component, html } from "./dom.js";
import { Icon } from "./icons.js";
import { t } from "./texts.js";

export class CommandDialog extends Component {
  state = { commands: null };

  async componentDidMount() {
    const { app, onClose } = this.props;
    try {
      this.setState({ commands: await app.api.get("/api/command", app.query) });
    } catch (error) {
      onClose();
      app.failed(error);
    }
  }

  render({ app, onClose }, { commands }) {
    return html`
      <${Dialog}
        app=${app}
        kind="small"
        label=${t("command.title")}
        title=${t("command.title")}
        onClose=${onClose}
      >
        ${["list", "export"].map(
          (name) => html`
            <h3>${t(`command.${name}`)}</h3>
            <div class="command">
              <pre tabindex="0"><code>${commands?.[name] ?? "…"}</code></pre>
              <button
                type="button"
                class="icon-button"
                aria-label=${`${t("app.copy")}: ${t(`command.${name}`)}`}
                onClick=${() => commands && copyText(commands[name], app.notices)}
              >
                <${Icon} name="copy" />
              </button>
            </div>
          `,
        )}
      <//>
    `;
  }
}
