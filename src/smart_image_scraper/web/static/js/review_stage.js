// Serve: the photo that is judged, large, and the buttons for what the keys do.

import { html, useEffect, useState } from "./dom.js";
import { countryName, score, taken } from "./format.js";
import { lettersAreOn } from "./keys.js";
import { hasText, t } from "./texts.js";

const AHEAD = 2;

export function Stage({ app, session }) {
  const { queue, concept } = session;
  const { current } = queue;
  const [failed, setFailed] = useState(null);
  useEffect(() => loadAhead(queue), [queue.cursor, queue.items.length]);
  if (!current) return html`<${Nothing} app=${app} session=${session} />`;
  const { card } = current;
  const title = card.title || t("gallery.untitled");
  const several = queue.selected.size;
  return html`<section class="judging" aria-label=${t("review.stage")}>
    <div class="judging-picture"><button type="button" class="judging-open" onClick=${() => app.openPhoto(card.id)} aria-label=${t("gallery.open", { title })}>
      ${card.picture && failed !== card.id
        ? html`<img key=${card.id} src=${address(card)} alt=${title} onError=${() => setFailed(card.id)} />`
        : html`<span class="muted">${t(card.picture ? "photo.loadFailed" : "photo.noFile")}</span>`}</button>
      <${Said} card=${card} concept=${concept} />
      ${several > 0 && html`<span class="judging-several" role="status">${t("review.several", { n: several })}</span>`}
    </div>
    <div class="judging-words">
      <h2><bdi>${title}</bdi></h2>
      <p class="muted">${facts(card, app.schema)}</p>
      ${concept !== null && html`<${Guess} item=${current} concept=${concept} />`}
    </div>
    <div class="judging-buttons">
      ${concept !== null && html`<div class="judging-pair">
        <${Judge} class="judge-no" does="notThere" words=${t("review.notThere", { concept })} onClick=${() => session.judge("reject", concept)} />
        <${Judge} class="judge-yes" does="isThere" words=${t("review.isThere", { concept })} onClick=${() => session.judge("accept", concept)} />
      </div>`}
      <div class="judging-pair">
        <${Judge} class="judge-no" does="reject" words=${t(concept === null ? "photo.reject" : "review.rejectPhoto")} onClick=${() => session.judge("reject", null)} />
        <${Judge} class="judge-yes" does="accept" words=${t(concept === null ? "photo.accept" : "review.acceptPhoto")} onClick=${() => session.judge("accept", null)} />
      </div>
      <div class="judging-pair judging-less">
        <${Judge} does="undo" words=${t("app.undo")} disabled=${!session.outbox.canUndo} onClick=${() => session.undo()} />
        <${Judge} does="next" words=${t("review.skip")} onClick=${() => session.go(1)} />
      </div>
    </div>
  </section>`;
}

const LETTERS = { isThere: "Y", notThere: "N", accept: "A", reject: "X", undo: "U", next: "→" };

function Judge({ class: name = "", does, words, disabled = false, onClick }) {
  return html`<button type="button" class=${`button judge ${name}`} disabled=${disabled} onClick=${onClick}>
    <span>${words}</span>${(lettersAreOn() || does === "next") && html`<kbd aria-hidden="true">${LETTERS[does]}</kbd>`}
  </button>`;
}

/** What was said of the photo so far. */
function Said({ card, concept }) {
  const ofConcept = concept === null ? null : card.verdicts?.[concept];
  return html`<span class="judging-said">
    ${ofConcept && html`<span class=${`said said-${ofConcept}`}>${t(ofConcept === "accept" ? "review.isThere" : "review.notThere", { concept })}</span>`}
    ${card.verdict && html`<span class=${`said said-${card.verdict}`}>${t(`verdicts.${card.verdict}`)}</span>`}
  </span>`;
}

/** What the model thinks, and why it asks: what it asks by is not always the score that the photo has. */
function Guess({ item: { card, probability, reason }, concept }) {
  const own = score(card.scores[concept]);
  const why = reason && (hasText(`review.reasons.${reason}`) ? t(`review.reasons.${reason}`) : reason);
  const share = `${Math.round(100 * (probability ?? 0))}%`;
  return html`<p class="guess">
    <span class="guess-bar" aria-hidden="true"><span style=${{ width: share }}></span></span>
    <span>${t("review.guess", { concept, value: score(probability) })}</span>
    ${why && html`<span class="muted">${why}</span>`}
    ${own !== score(probability) && html`<span class="muted guess-unseen">${t("review.guessUnseen", { value: own })}</span>`}
  </p>`;
}

function Nothing({ app, session: { queue, source } }) {
  if (queue.loading) return html`<section class="judging judging-nothing"><p class="muted loading" role="status">${t(source === "next" ? "review.choosing" : "app.loading")}</p></section>`;
  const words = t(source === "next" ? "review.allTaught" : "review.allJudged");
  const none = source === "filter" && app.matching === 0;
  return html`<section class="judging judging-nothing" role="status"><h2>${t(none ? "empty.noMatch" : "review.done")}</h2><p>${none ? t("empty.noMatchLead") : words}</p></section>`;
}

function facts({ taken: when, granularity, country, terms }, schema) {
  return [taken(when, granularity), country && countryName(country, schema), terms.join(", ")].filter(Boolean).join(" · ");
}

function address({ id, picture }) {
  return `/media/${encodeURIComponent(id)}/1280?v=${picture}`;
}

// The browser keeps what it has loaded: the next photos are there when they are wanted.
function loadAhead({ items, cursor }) {
  for (const { card } of items.slice(cursor + 1, cursor + 1 + AHEAD)) {
    if (card.picture) new Image().src = address(card);
  }
}
