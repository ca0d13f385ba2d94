// A list of which several can be chosen, with counts beside them, and a search where it is long.

import { Component, html } from "./dom.js";
import { number } from "./format.js";
import { t } from "./texts.js";

const SHOWN_FIRST = 8;

/** Items are {value, label, count}; they keep their places while their counts change. */
export class Choices extends Component {
  state = { find: "", all: false };

  shown() {
    const { items, chosen } = this.props;
    const find = this.state.find.trim().toLocaleLowerCase();
    if (find)
      return items.filter(({ label, value }) => `${label} ${value}`.toLocaleLowerCase().includes(find));
    if (this.state.all) return items;
    return items.filter(({ value }, place) => place < SHOWN_FIRST || chosen.includes(value));
  }

  render({ label, items, chosen, onToggle }, { find, all }) {
    const shown = this.shown();
    const most = Math.max(1, ...items.map(({ count }) => count ?? 0));
    const isLong = items.length > SHOWN_FIRST;
    return html`
      <div class="choices">
        ${
          isLong &&
          html`
            <input
              type="search"
              class="field"
              placeholder=${t("filters.find", { what: label })}
              aria-label=${t("filters.find", { what: label })}
              value=${find}
              onInput=${(event) => this.setState({ find: event.target.value })}
            />
          `
        }
        <ul class=${all || find ? "choice-list choice-list-long" : "choice-list"}>
          ${shown.map(
            (item) => html`
              <${Choice}
                key=${item.value}
                ...${item}
                share=${(item.count ?? 0) / most}
                chosen=${chosen.includes(item.value)}
                onToggle=${onToggle}
              />
            `,
          )}
          ${
            shown.length === 0 &&
            html`
              <li class="muted">${t("filters.nothing")}</li>
            `
          }
        </ul>
        ${
          isLong &&
          !find &&
          html`
            <button
              type="button"
              class="link-button"
              aria-expanded=${all}
              onClick=${() => this.setState({ all: !all })}
            >
              ${all ? t("filters.fewer") : t("filters.all", { n: items.length })}
            </button>
          `
        }
      </div>
    `;
  }
}

function Choice({ value, label, note, count, share, chosen, onToggle }) {
  return html`
    <li>
      <label class=${`choice ${count === 0 && !chosen ? "choice-empty" : ""}`} style=${{ "--share": share }}>
        <input type="checkbox" checked=${chosen} onChange=${() => onToggle(value)} />
        <bdi class="choice-label">${label}</bdi>
        ${
          note &&
          html`
            <span class="tag">${note}</span>
          `
        }
        <span class="choice-count">${count === null ? "" : number(count)}</span>
      </label>
    </li>
  `;
}

/** One of a few, such as any, yes, no; options are [value, label]. */
export function OneOf({ label, options, value, onChoose }) {
  return html`
    <div class="one-of">
      <span class="one-of-label">${label}</span>
      <div class="segments" role="group" aria-label=${label}>
        ${options.map(
          ([each, text]) => html`
            <button
              type="button"
              class="segment"
              aria-pressed=${each === value}
              onClick=${() => onChoose(each)}
            >
              ${text}
            </button>
          `,
        )}
      </div>
    </div>
  `;
}
