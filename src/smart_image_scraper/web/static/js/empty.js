// Nothing to show: an empty workspace says how photos come in, an empty result how to widen it.

import { describe } from "./chips.js";
import { html } from "./dom.js";
import { Icon } from "./icons.js";
import { conditionsOf, withoutCondition } from "./state.js";
import { Progress } from "./notices.js";
import { t } from "./texts.js";

export function Empty({ app }) {
  if (app.standing.isFirstLoad)
    return html`
      <${FirstLoad} app=${app} />
    `;
  return html`
    <section class="empty">
      <${Icon} name="logo" />
      <h1>${t("empty.title")}</h1>
      <p>${t("empty.lead")}</p>
      <ol class="empty-steps">
        ${t("empty.steps").map(
          ([what, command]) => html`
            <li>
              <span>${what}</span>
              <code>${command}</code>
            </li>
          `,
        )}
      </ol>
      ${
        app.mayReload &&
        html`
          <button
            type="button"
            class="button button-main"
            disabled=${app.server?.loading}
            onClick=${() => app.reload()}
          >
            <${Icon} name="reload" />
            ${t("tools.reload")}
          </button>
        `
      }
    </section>
  `;
}

function FirstLoad({ app }) {
  return html`
    <section class="empty" role="status">
      <${Icon} name="logo" />
      <h1>${t("empty.firstLoad")}</h1>
      <p class="muted">${t("empty.firstLoadLead")}</p>
      <${Progress} done=${app.server.progress} />
    </section>
  `;
}

export function NoMatch({ app }) {
  const { filter } = app.state;
  const conditions = conditionsOf(filter);
  return html`
    <div class="empty">
      <h2>${t("empty.noMatch")}</h2>
      <p class="muted">${t("empty.noMatchLead")}</p>
      <p class="empty-chips">
        ${conditions.map((condition) => {
          const text = describe(condition, app);
          const remove = () => app.change({ filter: withoutCondition(filter, condition) });
          return html`
            <button
              type="button"
              class="chip"
              aria-label=${t("filters.remove", { what: text })}
              onClick=${remove}
            >
              <bdi>${text}</bdi>
              <${Icon} name="close" />
            </button>
          `;
        })}
      </p>
      <button type="button" class="button button-main" onClick=${() => app.change({ filter: [] })}>
        ${t("filters.clear")}
      </button>
    </div>
  `;
}
