// The active filters as chips: each says what it asks, and a click takes it away.

import { html } from "./dom.js";
import { countryName, licenseName, month, score, siteName, splitOrder } from "./format.js";
import { Icon } from "./icons.js";
import { conditionsOf, scoreRange, valueOf, withoutCondition } from "./state.js";
import { hasText, t } from "./texts.js";

export function ActiveFilters({ app }) {
  const { filter, order } = app.state;
  const conditions = conditionsOf(filter);
  const [kind, about] = splitOrder(order);
  const byLikeness = kind === "similar" || kind === "words";
  return html`
    <div class="active">
      ${
        (conditions.length > 0 || byLikeness) &&
        html`
          <${Chips}
            app=${app}
            conditions=${conditions}
            likeness=${byLikeness && t(`chips.${kind}`, { value: kind === "similar" ? titleOf(about, app) : about })}
          />
        `
      }
      <${Shown} app=${app} />
    </div>
  `;
}

// The photo that others are like is on the first page of them, first.
function titleOf(id, { results }) {
  return results?.photos.find((photo) => photo.id === id)?.title ?? id;
}

// Which of all matching photos the page shows, or what can be done.
function Shown({ app: { results, layout, state } }) {
  if (state.view === "charts")
    return html`
      <p class="active-range muted">${t("charts.hint")}</p>
    `;
  if (state.view !== "gallery") return null;
  // Its row is there before: nothing moves when the photos come.
  if (!results?.photos.length || !layout)
    return html`
      <p class="active-range"></p>
    `;
  const first = (results.page - 1) * layout.limit + 1;
  return html`
    <p class="active-range muted">
      ${t("count.range", { first, last: first + results.photos.length - 1, all: results.matching })}
    </p>
  `;
}

function Chips({ app, conditions, likeness }) {
  const { filter } = app.state;
  return html`
    <ul class="chips" aria-label=${t("chips.label")}>
      ${
        likeness &&
        html`
          <${Chip} text=${likeness} onRemove=${() => app.change({ order: "newest" })} />
        `
      }
      ${conditions.map(
        (condition) => html`
          <${Chip}
            key=${`${condition.name} ${condition.concept ?? condition.value ?? ""}`}
            text=${describe(condition, app)}
            onRemove=${() => app.change({ filter: withoutCondition(filter, condition) })}
          />
        `,
      )}
      ${
        conditions.length > 1 &&
        html`
          <li>
            <button type="button" class="chip chip-clear" onClick=${() => app.change({ filter: [] })}>
              ${t("filters.clear")}
            </button>
          </li>
        `
      }
    </ul>
  `;
}

function Chip({ text, onRemove }) {
  return html`
    <li>
      <button
        type="button"
        class="chip"
        aria-label=${t("filters.remove", { what: text })}
        onClick=${onRemove}
      >
        <bdi>${text}</bdi>
        <${Icon} name="close" />
      </button>
    </li>
  `;
}

/** What a condition asks, in words. */
export function describe(condition, app) {
  const { name, concept, range, value } = condition;
  if (concept) {
    const [least, most] = scoreRange(app.state.filter, concept);
    return t("chips.score", { concept, least: score(least), most: score(most) });
  }
  if (range) {
    const [from, to] = range.map((each) => valueOf(app.state.filter, each));
    const kind = from && to ? "both" : from ? "onlyFrom" : "onlyTo";
    return t(`chips.${name}`, { range: t(`chips.${kind}`, { from, to }) });
  }
  if (!hasText(`chips.${name}`) || name === "score") return t("chips.unknown", { name, value });
  return t(`chips.${name}`, { value: said(name, value, app) });
}

function said(name, value, app) {
  if (name === "country") return countryName(value, app.schema);
  if (name === "site") return siteName(value);
  if (name === "license") return licenseName(value, app.schema);
  if (name === "month") return month(Number(value));
  if (name === "review") return hasText(`verdicts.${value}`) ? t(`verdicts.${value}`) : value;
  if (name === "signal" || name === "without-signal")
    return hasText(`signals.${value}`) ? t(`signals.${value}`) : value;
  if (name === "disagrees") return hasText(`disagreements.${value}`) ? t(`disagreements.${value}`) : value;
  return value;
}
