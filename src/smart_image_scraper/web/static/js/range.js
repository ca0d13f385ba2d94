// A range with two handles over its histogram: two native sliders on one track.

import { Component, html } from "./dom.js";
import { t } from "./texts.js";
import { Typed } from "./typed.js";

export class Range extends Component {
  // While a handle moves, the range is the slider's own; the state follows.
  read(event, isLeast) {
    const { least, most } = this.props;
    const value = Number(event.target.value);
    const range = isLeast ? [Math.min(value, most), most] : [least, Math.max(value, least)];
    event.target.value = isLeast ? range[0] : range[1]; // a handle stops at the other one
    return range;
  }

  handle(isLeast) {
    const { label, min, max, step, least, most, spoken = String } = this.props;
    const value = isLeast ? least : most;
    return html`
      <input
        type="range"
        class=${isLeast ? "range-least" : "range-most"}
        min=${min}
        max=${max}
        step=${step}
        value=${value}
        aria-label=${t(isLeast ? "filters.least" : "filters.most", { what: label })}
        aria-valuetext=${spoken(value)}
        onInput=${(event) => this.props.onDrag(this.read(event, isLeast))}
        onChange=${(event) => this.props.onRelease(this.read(event, isLeast))}
      />
    `;
  }

  render({ min, max, least, most, counts }) {
    const from = (least - min) / (max - min || 1);
    const to = (most - min) / (max - min || 1);
    const isLow = from > 0.5 && to - from < 0.02; // both at the right end: the left one must be on top
    return html`
      <div class=${`range ${isLow ? "range-low" : ""}`} style=${{ "--from": from, "--to": to }}>
        <${Bars} counts=${counts} from=${from} to=${to} />
        <div class="range-track"></div>
        ${this.handle(true)}${this.handle(false)}
      </div>
    `;
  }
}

/** Bars, their heights by the square root: a few photos stay visible beside many. */
function Bars({ counts, from, to }) {
  if (!counts?.length)
    return html`
      <svg class="bars" aria-hidden="true"></svg>
    `;
  const highest = Math.sqrt(Math.max(...counts, 1));
  const bar = (count, place) => {
    const height = count ? Math.max(0.03, Math.sqrt(count) / highest) : 0;
    return `M${place + 0.06} 1V${(1 - height).toFixed(3)}H${place + 0.94}V1z`;
  };
  const inside = (_, place) => (place + 0.5) / counts.length >= from && (place + 0.5) / counts.length <= to;
  const path = (wanted) =>
    counts.map((count, place) => (inside(count, place) === wanted ? bar(count, place) : "")).join("");
  return html`
    <svg class="bars" viewBox=${`0 0 ${counts.length} 1`} preserveAspectRatio="none" aria-hidden="true">
      <path class="bars-outside" d=${path(false)} />
      <path class="bars-inside" d=${path(true)} />
    </svg>
  `;
}

/** The two ends as fields to type in; `read` makes a value of a text, undefined if it is none. */
export function Ends({ labels, values, read, onSet, inputmode = "decimal", hint, empty = [] }) {
  const set = (text, place) => {
    const value = read(text, place);
    if (value === undefined) return hint ?? "?";
    return onSet(value, place);
  };
  const field = (place) => html`
    <${Typed}
      class="field end"
      inputmode=${inputmode}
      aria-label=${labels[place]}
      placeholder=${empty[place]}
      title=${hint}
      value=${values[place]}
      onSet=${(text) => set(text, place)}
    />
  `;
  return html`
    <span class="ends">
      ${field(0)}
      <span aria-hidden="true">–</span>
      ${field(1)}
    </span>
  `;
}
