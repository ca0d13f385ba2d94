// The legend of keys: the key map as it is, so that it says what the keys do.

import { Dialog } from "./dialog.js";
import { Component, html } from "./dom.js";
import { KEY_MAP, lettersAreOn, setLetters } from "./keys.js";
import { hasText, t } from "./texts.js";

export class Help extends Component {
  state = { letters: lettersAreOn() };

  choose = (event) => {
    setLetters(event.target.checked);
    this.setState({ letters: lettersAreOn() });
  };

  render({ onClose }, { letters }) {
    const modes = [...new Set(KEY_MAP.map(({ mode }) => mode))];
    return html`
      <${Dialog} kind="help" label=${t("help.title")} title=${t("help.title")} onClose=${onClose}>
        <label class="menu-item">
          <input type="checkbox" checked=${letters} onChange=${this.choose} />
          ${t("help.letters")}
        </label>
        <div class="legend">
          ${modes.map(
            (mode) => html`
              <section>
                <h3>${t(`help.${mode}`)}</h3>
                <dl>
                  ${KEY_MAP.filter((row) => row.mode === mode).map(
                    (row) => html`
                      <${Row} ...${row} />
                    `,
                  )}
                </dl>
              </section>
            `,
          )}
        </div>
      <//>
    `;
  }
}

function Row({ does, keys }) {
  return html`
    <div class="legend-row">
      <dt>
        ${keys.map(
          (key) => html`
            <kbd>${hasText(`keyNames.${key}`) ? t(`keyNames.${key}`) : key.toUpperCase()}</kbd>
          `,
        )}
      </dt>
      <dd>${t(`keys.${does}`)}</dd>
    </div>
  `;
}
