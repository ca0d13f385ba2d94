// Serve: bars that are buttons, and the table that says the same.
//
// A row is { key, label, count, selected, title? }; of a column also { short?, tick?, edges? }: what
// stands beneath it, in its middle or at both its ends. `onPick(row, event)` makes the bars clickable.

import { html, useRef, useState } from "./dom.js";
import { number } from "./format.js";
import { t } from "./texts.js";

/** A chart with its title, its note, and a switch to the table. `coming`: its first counts do not stand yet. */
export function Chart({ title, note, rows, kind = "bars", onPick, onClear, wide = false, counted, coming = false, stale = false }) {
  const [asTable, setAsTable] = useState(false);
  const most = useRef(0);
  most.current = Math.max(most.current, rows.length);
  const longest = useRef("");
  if ((note ?? "").length > longest.current.length) longest.current = note;
  const noted = kind === "columns" || longest.current; // columns stand side by side, and begin at the same height
  const picked = rows.some((row) => row.selected);
  const empty = rows.every((row) => row.count === 0 && !row.selected);
  const Body = asTable ? Table : kind === "columns" ? Columns : Bars;
  return html`<section class=${`chart ${wide ? "chart-wide" : ""}`} aria-label=${title} aria-busy=${stale || coming}>
    <header class="chart-head">
      <h2>${title}</h2>
      ${picked && onClear &&
      html`<button class="chart-clear" aria-label=${t("charts.clearOf", { what: title })} onClick=${onClear}>${t("charts.clear")}</button>`}
      ${!empty && html`<button
        class="chart-switch"
        aria-pressed=${asTable}
        aria-label=${t("charts.asTableOf", { what: title })}
        onClick=${() => setAsTable(!asTable)}
      >${t("charts.asTable")}</button>`}
    </header>
    ${noted && html`<p class="chart-note" data-longest=${longest.current}><span>${note}</span></p>`}
    <div class=${`chart-body chart-body-${kind}`} style=${{ "--rows": most.current }}>
      ${empty
        ? html`<p class="chart-nothing">${t(coming ? "charts.coming" : "charts.nothing")}</p>`
        : html`<${Body} title=${title} rows=${rows} picked=${picked} onPick=${onPick} counted=${counted ?? t("charts.photos")} />`}
    </div>
  </section>`;
}

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

/** One stop of the Tab key a chart: arrows, Home and End lead from bar to bar. */
function useArrows(rows) {
  const [at, setAt] = useState(0);
  const onKeyDown = (event) => {
    const step = STEPS[event.key];
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    if (!step || buttons.length === 0) return;
    event.preventDefault();
    const place = buttons.indexOf(event.target) + step;
    buttons[Math.max(0, Math.min(buttons.length - 1, place))].focus();
  };
  const stop = Math.min(at, rows.length - 1);
  return { onKeyDown, stopOf: (place) => ({ tabIndex: place === stop ? 0 : -1, onFocus: () => setAt(place) }) };
}

/** Bars that lie, for words. */
function Bars({ rows, picked, onPick }) {
  const most = mostOf(rows);
  const { onKeyDown, stopOf } = useArrows(rows);
  return html`<ul class="chart-bars" onKeyDown=${onKeyDown}>
    ${rows.map(
      (row, place) => html`<li key=${row.key}>
        <${Bar} row=${row} picked=${picked} onPick=${onPick} class="bar" written=${true} stop=${stopOf(place)}>
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
  const { onKeyDown, stopOf } = useArrows(rows);
  return html`<ul class="chart-columns" onKeyDown=${onKeyDown}>
    <li class="chart-most" aria-hidden="true">${number(most)}</li>
    ${rows.map(
      (row, place) => html`<li key=${row.key}>
        <${Bar} row=${row} picked=${picked} onPick=${onPick} class="column" stop=${stopOf(place)}>
          <span class="column-fill" style=${{ height: `${share(row.count, most)}%` }}></span>
        </${Bar}>
        <${Tick} row=${row} />
      </li>`,
    )}
  </ul>`;
}

function Tick({ row: { tick = true, short, label, edges } }) {
  if (edges) return html`<span class="column-edges" aria-hidden="true">${edges.map((edge) => html`<span>${edge}</span>`)}</span>`;
  return html`<span class="column-tick" aria-hidden="true">${tick ? (short ?? label) : ""}</span>`;
}

// `written`: what the bar says stands in it.
function Bar({ row, picked, onPick, class: name, written = false, stop, children }) {
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
    ...${stop}
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
