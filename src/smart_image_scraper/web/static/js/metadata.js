// Metadata as a table: searched, copied, and shown on the whole screen.

import { copyText } from "./copy.js";
import { Component, createRef, html } from "./dom.js";
import { safeLink } from "./format.js";
import { Icon } from "./icons.js";
import { t } from "./texts.js";

export function MetadataTable({ app, fields }) {
  return html`
    <${Table} app=${app} title=${t("photo.metadata")} rows=${fields} />
  `;
}

export class Table extends Component {
  state = { find: "", whole: false };
  place = createRef();

  componentDidMount() {
    this.left = () => this.setState({ whole: document.fullscreenElement === this.place.current });
    document.addEventListener("fullscreenchange", this.left);
  }

  componentWillUnmount() {
    document.removeEventListener("fullscreenchange", this.left);
  }

  get rows() {
    const find = this.state.find.trim().toLocaleLowerCase();
    return this.props.rows.filter(([name, value]) =>
      `${name} ${text(value)}`.toLocaleLowerCase().includes(find),
    );
  }

  copy = () =>
    copyText(
      this.rows.map(([name, value]) => `${name}\t${text(value).replaceAll(/\s+/g, " ")}`).join("\n"),
      this.props.app.notices,
    );

  // Where the browser has no full screen (phones), the table covers the page.
  expand = async () => {
    const { whole } = this.state;
    if (document.fullscreenElement) return document.exitFullscreen();
    if (whole || !this.place.current.requestFullscreen) return this.setState({ whole: !whole });
    return this.place.current.requestFullscreen().catch(() => this.setState({ whole: true }));
  };

  render({ title, rows: all, folded }, { find, whole }) {
    const { rows } = this;
    const label = t(whole ? "table.shrink" : "table.expand");
    return html`
      <details
        class=${`block table-block ${whole ? "table-whole" : ""}`}
        open=${!folded || whole}
        ref=${this.place}
      >
        <summary class="section-head">
          <h3>${title}</h3>
          <span class="muted">${t("table.rows", { n: all.length })}</span>
          <${Icon} name="down" />
        </summary>
        <div class="table-tools">
          <input
            type="search"
            class="field"
            placeholder=${t("table.find")}
            aria-label=${t("table.find")}
            value=${find}
            onInput=${(event) => this.setState({ find: event.target.value })}
          />
          <button
            type="button"
            class="icon-button"
            title=${t("table.copy")}
            aria-label=${t("table.copy")}
            onClick=${this.copy}
          >
            <${Icon} name="copy" />
          </button>
          <button
            type="button"
            class="icon-button"
            title=${label}
            aria-label=${label}
            aria-pressed=${whole}
            onClick=${this.expand}
          >
            <${Icon} name=${whole ? "close" : "expand"} />
          </button>
        </div>
        <div class="table-scroll" tabindex="0" role="region" aria-label=${title}>
          <table>
            <thead>
              <tr>
                <th scope="col">${t("table.name")}</th>
                <th scope="col">${t("table.value")}</th>
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                ([name, value]) => html`
                  <tr>
                    <th scope="row">${breakable(name)}</th>
                    <td dir="auto">${shown(value)}</td>
                  </tr>
                `,
              )}
            </tbody>
          </table>
          ${
            rows.length === 0 &&
            html`
              <p class="muted">${t("table.nothing")}</p>
            `
          }
        </div>
      </details>
    `;
  }
}

function text(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function shown(value) {
  const link = typeof value === "string" && safeLink(value);
  return link
    ? html`
        <a href=${link} target="_blank" rel="noopener noreferrer">${value}</a>
      `
    : text(value);
}

// Long names go on in the next line behind a dot or a dash, not amid a word.
function breakable(name) {
  return name.split(/(?<=[._])/).map((part) => html`${part}<wbr />`);
}
