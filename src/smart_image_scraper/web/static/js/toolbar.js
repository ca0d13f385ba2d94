// Above the view: how many photos match, in which order, how they are shown, and how to share it.

import { CommandDialog } from "./command.js";
import { copyText } from "./copy.js";
import { Component, html } from "./dom.js";
import { number, orderName, splitOrder } from "./format.js";
import { Icon } from "./icons.js";
import { Menu } from "./menu.js";
import { conditionsOf } from "./state.js";
import { hasText, t } from "./texts.js";
import { Loaded } from "./view.js";

const FIELDS = ["title", "taken", "country", "license", "views", "terms", "scores", "verdict", "size", "id"];
export const GRIDS = ["auto", "1", "2", "3", "4", "5", "6", "7", "8"];

export class Toolbar extends Component {
  state = { command: false };

  showCommand(close) {
    close();
    this.setState({ command: true });
  }

  render({ app, tools, expanded, onFilters }, { command }) {
    const active = conditionsOf(app.state.filter).length;
    const isGallery = app.state.view === "gallery";
    return html`
      <div class="toolbar">
        <button type="button" class="button filters-button" aria-expanded=${expanded} onClick=${onFilters}>
          <${Icon} name="filter" />
          <span class="button-text">${t("tools.filters")}</span>
          ${
            active > 0 &&
            html`
              <span class="badge">${active}</span>
              <span class="visually-hidden">${t("tools.active")}</span>
            `
          }
        </button>
        <${Count} app=${app} />
        <div class="toolbar-end">
          ${
            isGallery &&
            html`
              <${Order} app=${app} />
              <${Display} app=${app} />
            `
          }
          <${Menu} icon="share" label=${t("tools.share")} align="end">
            ${(close) => html`
              <button type="button" class="menu-item" onClick=${() => copyLink(app, close)}>
                <${Icon} name="link" />
                ${t("tools.copyLink")}
              </button>
              <button type="button" class="menu-item" onClick=${() => this.showCommand(close)}>
                <${Icon} name="terminal" />
                ${t("tools.command")}
              </button>
              ${tools.map(
                (from) => html`
                  <${Loaded} app=${app} from=${from} close=${close} />
                `,
              )}
            `}
          <//>
        </div>
      </div>
      ${
        command &&
        html`
          <${CommandDialog} app=${app} onClose=${() => this.setState({ command: false })} />
        `
      }
    `;
  }
}

function copyLink(app, close) {
  copyText(location.href, app.notices);
  close();
}

function Count({ app }) {
  const { matching, schema } = app;
  if (matching === null || !schema)
    return html`
      <p class="count" role="status"></p>
    `;
  const all = schema.photos > matching ? t("count.ofAll", { all: schema.photos }) : "";
  return html`
    <p class="count" role="status" aria-live=${app.dragging ? "off" : "polite"}>
      <strong data-count=${matching}>
        ${matching ? t("count.matching", { n: matching }) : t("count.none")}
      </strong>
      ${" "}<span class="muted">${all}</span>
    </p>
  `;
}

function Order({ app }) {
  const { order } = app.state;
  const concepts = (app.schema?.concepts ?? []).map(({ concept }) => concept);
  const byScore = concepts.flatMap((concept) =>
    ["score", "score-up", "unsure"].map((kind) => `${kind}:${concept}`),
  );
  const [kind] = splitOrder(order);
  const option = (each) => html`
    <option value=${each} selected=${each === order}>${orderName(each)}</option>
  `;
  const known = byScore.includes(order) || !order.includes(":");
  return html`
    <label class="order">
      <span class="visually-hidden">${t("tools.order")}</span>
      <select class="field" value=${order} onChange=${(event) => app.change({ order: event.target.value })}>
        ${
          !known &&
          hasText(`orders.${kind}`) &&
          html`
            <optgroup label=${t("orders.byLikeness")}>${option(order)}</optgroup>
          `
        }
        <optgroup label=${t("orders.byDate")}>${["newest", "oldest", "added", "views"].map(option)}</optgroup>
        ${
          byScore.length > 0 &&
          html`
            <optgroup label=${t("orders.byScore")}>${byScore.map(option)}</optgroup>
          `
        }
      </select>
    </label>
  `;
}

function Display({ app }) {
  const { grid, show } = app.state;
  const toggle = (field) => {
    const shown = show.includes(field)
      ? show.filter((each) => each !== field)
      : FIELDS.filter((each) => each === field || show.includes(each));
    app.change({ show: shown });
  };
  return html`
    <${Menu} icon="grid" text=${t("tools.display")} label=${t("tools.display")} align="end">
      <fieldset class="menu-group">
        <legend>${t("display.grid")}</legend>
        <div class="grid-choice">
          ${GRIDS.map(
            (each) => html`
              <button
                type="button"
                class="segment"
                aria-pressed=${grid === each}
                title=${each === "auto" ? t("display.autoTitle") : t("display.gridTitle", { n: Number(each) })}
                onClick=${() => app.change({ grid: each, page: 1 })}
              >
                ${each === "auto" ? t("display.auto") : number(Number(each))}
              </button>
            `,
          )}
        </div>
      </fieldset>
      <fieldset class="menu-group">
        <legend>${t("display.show")}</legend>
        <div class="field-choice">
          ${FIELDS.map(
            (field) => html`
              <label class="menu-item">
                <input type="checkbox" checked=${show.includes(field)} onChange=${() => toggle(field)} />
                ${t(`fields.${field}`)}
              </label>
            `,
          )}
        </div>
      </fieldset>
    <//>
  `;
}
