// Pages: first, previous, a field to go to any, next, last.

import { html } from "./dom.js";
import { number } from "./format.js";
import { Icon } from "./icons.js";
import { t } from "./texts.js";
import { Typed } from "./typed.js";

export function Pager({ page, pages, onTurn }) {
  const go = (text) => {
    const wanted = Math.min(pages, Math.max(1, Number.parseInt(text, 10) || page));
    if (wanted !== page) onTurn(wanted);
  };
  const step = (name, to) => html`
    <button
      type="button"
      class="icon-button"
      title=${t(`gallery.${name}`)}
      aria-label=${t(`gallery.${name}`)}
      disabled=${to < 1 || to > pages || to === page}
      onClick=${() => onTurn(to)}
    >
      <${Icon} name=${{ first: "first", previous: "left", next: "right", last: "last" }[name]} />
    </button>
  `;
  return html`
    <nav class="pager" aria-label=${t("count.page", { page, pages })}>
      ${step("first", 1)}${step("previous", page - 1)}
      <label class="pager-page">
        <span class="visually-hidden">${t("gallery.goTo")}</span>
        <${Typed} inputmode="numeric" class="field" value=${page} onSet=${go} />
        <span class="muted">/ ${number(pages)}</span>
      </label>
      ${step("next", page + 1)}${step("last", pages)}
    </nav>
  `;
}
