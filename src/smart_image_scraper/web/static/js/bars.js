// Serve: bars that are buttons, and the table that says the same.
//
// A row is { key, label, count, selected, title? }; `onPick(row, event)` makes the bars clickable.

import { html, useState } from "./dom.js";
import { number } from "./format.js";
import { t } from "./texts.js";

/** A chart with its title, its note, and a switch to the table. */
export function Chart({ title, note, rows, kind = "bars", onPick, onClear, wide = false, counted }) {
  const [asTable, setAsTable] = useState(false);
  const picked = rows.some((row) => row.selected);
  const empty = rows.every((row) => row.count === 0 && !row.selected);
  const Body = asTable ? Table : kind === "columns" ? Columns : Bars;
  return html`<section class=${`chart ${wide ? "chart-wide" : ""}`} aria-label=${title}>
    <header class="chart-head">
      <h2>${title}</h2>
      ${picked && onClear &&
      html`<button class="chart-clear" onClick=${onClear}>${t("charts.clear")}</button>`}
      <button
        class="chart-switch"
        aria-pressed=${asTable}
        aria-label=${t("charts.asTableOf", { what: title })}
        onClick=${() => setAsTable(!asTable)}
      >${t("charts.asTable")}</button>
    </header>
    ${note && html`<p class="chart-note">${note}</p>`}
    ${empty
      ? html`<p class="chart-nothing">${t("charts.nothing")}</p>`
      : html`<${Body} title=${title} rows=${rows} picked=${picked} onPick=${onPick} counted=${counted ?? t("charts.photos")} />`}
  </section>`;
}

/** Bars that lie, for words. */
function Bars({ rows, picked, onPick }) {
  const most = mostOf(rows);
  return html`<ul class="chart-bars">
    ${rows.map(
      (row) => html`<li key=${row.key}>
        <${Bar} row=${row} picked=${picked} onPick=${onPick} class="bar" written=${true}>
          <span class="bar-label"><bdi>${row.label}</bdi></span>
          <span class="bar-track">
            <span class="bar-fill" style=${{ width: `${share(row.count, most)}%` }}></span>
          </span>
          <span class="bar-count">${number(row.count)}</span>
        </${Bar}>
      </li>`,
    )}
  </ul>`;
}

/** Bars that stand, for what has an order: years, hours, scores. */
function Columns({ rows, picked, onPick }) {
  const most = mostOf(rows);
  return html`<ul class="chart-columns">
    <li class="chart-most" aria-hidden="true">${number(most)}</li>
    ${rows.map(
      (row) => html`<li key=${row.key}>
        <${Bar} row=${row} picked=${picked} onPick=${onPick} class="column">
          <span class="column-fill" style=${{ height: `${share(row.count, most)}%` }}></span>
        </${Bar}>
        <span class="column-tick" aria-hidden="true">
          ${(row.tick ?? true) ? (row.short ?? row.label) : ""}
        </span>
      </li>`,
    )}
  </ul>`;
}

// `written`: what the bar says stands in it.
function Bar({ row, picked, onPick, class: name, written = false, children }) {
  const faded = picked && !row.selected ? " faded" : "";
  const words = t("charts.bar", { label: row.title ?? row.label, n: row.count });
  if (!onPick) {
    return html`<span class=${`${name}${faded}`} role="img" aria-label=${words} title=${words}>
      ${children}
    </span>`;
  }
  return html`<button
    class=${`${name}${faded}`}
    aria-pressed=${row.selected}
    aria-label=${written ? undefined : words}
    title=${words}
    onClick=${(event) => onPick(row, event)}
  >${children}</button>`;
}

/** The same in a table, with the same clicks. */
function Table({ title, rows, onPick, counted }) {
  return html`<div class="chart-table" tabindex="0" role="region" aria-label=${title}><table>
    <thead><tr><th scope="col">${title}</th><th scope="col">${counted}</th></tr></thead>
    <tbody>
      ${rows.map((row) => html`<tr key=${row.key} class=${row.selected ? "selected" : ""}>
        <th scope="row">${onPick
          ? html`<button aria-pressed=${row.selected} onClick=${(event) => onPick(row, event)}>
              <bdi>${row.title ?? row.label}</bdi>
            </button>`
          : html`<bdi>${row.title ?? row.label}</bdi>`}</th>
        <td>${number(row.count)}</td>
      </tr>`)}
    </tbody>
  </table></div>`;
}

function mostOf(rows) {
  return Math.max(1, ...rows.map((row) => row.count));
}

// What is there at all can be seen.
function share(count, most) {
  return count === 0 ? 0 : Math.max(1, (100 * count) / most);
}
