// Serve: judging photos one after another, by single keys.

import { html, useEffect, useState } from "./dom.js";
import { bindKeys } from "./keys.js";
import { AllMatching, Learning, Unsent } from "./review_panels.js";
import { ReviewSession } from "./review_session.js";
import { Stage } from "./review_stage.js";
import { Tiles } from "./review_tiles.js";
import { t } from "./texts.js";

export default function Review({ app }) {
  const [session, setSession] = useState(null);
  const [, redraw] = useState(0);
  const ready = Boolean(app.schema && app.mayReview);
  useEffect(() => {
    if (!ready) return undefined;
    const made = new ReviewSession(app, () => redraw((count) => count + 1));
    setSession(made);
    const unbind = bindKeys("review", handlers(app, made));
    return () => {
      unbind();
      made.end();
    };
  }, [ready]);
  useEffect(() => session?.follow());
  if (app.session && !app.mayReview) return html`<p class="muted review-none">${t("review.onlyCurators")}</p>`;
  if (!session) return html`<p class="muted loading">${t("app.loading")}</p>`;
  return html`<div class=${`review ${session.selecting ? "review-selecting" : ""}`}>
    <${What} app=${app} session=${session} />
    <${Unsent} session=${session} />
    <div class="review-main">
      <${Stage} app=${app} session=${session} />
      <${Tiles} app=${app} session=${session} />
    </div>
    <div class="review-side">
      ${session.concept !== null && html`<${Learning} app=${app} session=${session} />`}
      <${AllMatching} app=${app} session=${session} />
    </div>
  </div>`;
}

function handlers(app, session) {
  const concept = () => session.concept;
  return {
    accept: () => session.judge("accept", null),
    reject: () => session.judge("reject", null),
    isThere: () => concept() !== null && session.judge("accept", concept()),
    notThere: () => concept() !== null && session.judge("reject", concept()),
    undo: () => session.undo(),
    previous: () => session.go(-1),
    next: () => session.go(1),
    selectPrevious: () => session.go(-1, { extend: true }),
    selectNext: () => session.go(1, { extend: true }),
    selectAll: () => session.selectAll(),
    open: () => session.queue.current && app.openPhoto(session.queue.current.card.id),
    learn: () => session.learn(),
    chooseConcept: (event) => chooseConcept(app, Number(event.key)),
    selectNone: () => session.deselect(),
  };
}

// 0 is the photo as a whole.
function chooseConcept(app, place) {
  if (place === 0) return app.change({ concept: "" });
  const chosen = app.schema.concepts[place - 1];
  return chosen ? app.change({ concept: chosen.concept }) : false;
}

/** Any other word: a model begins with the first verdicts. */
function Another({ app }) {
  const [asking, setAsking] = useState(false);
  if (!asking) {
    return html`<button type="button" class="segment" title=${t("review.anotherTitle")} onClick=${() => setAsking(true)}>${t("review.another")}</button>`;
  }
  const choose = (event) => {
    event.preventDefault();
    const concept = new FormData(event.target).get("concept").trim();
    setAsking(false);
    if (concept) app.change({ concept });
  };
  return html`<form class="review-another" onSubmit=${choose}>
    <input class="field" name="concept" maxlength="200" aria-label=${t("review.anotherLabel")} placeholder=${t("review.anotherLabel")} autofocus ref=${(input) => input?.focus()} onBlur=${(event) => !event.target.value && setAsking(false)} />
    <button type="submit" class="button">OK</button>
  </form>`;
}

/** What is judged, in which order, and how much is left. */
function What({ app, session }) {
  const { queue, source } = session;
  const concepts = new Set(app.schema.concepts.map(({ concept }) => concept));
  if (session.concept !== null) concepts.add(session.concept);
  const choices = [["", t("review.wholePhoto")], ...[...concepts].map((concept) => [concept, concept])];
  return html`<div class="review-what">
    <div class="review-concepts segments" role="group" aria-label=${t("review.what")}>
      ${choices.map(([value, words]) => html`<button
        type="button" class="segment" key=${value} aria-pressed=${(session.concept ?? "") === value}
        onClick=${() => app.change({ concept: value })}
      ><bdi>${words}</bdi></button>`)}
      <${Another} app=${app} />
    </div>
    ${session.concept !== null && html`<label class="review-source">
      <span class="visually-hidden">${t("review.order")}</span>
      <select class="field" value=${source} onChange=${(event) => app.change({ queue: event.target.value })}>
        <option value="next" selected=${source === "next"}>${t("review.teaching")}</option>
        <option value="filter" selected=${source === "filter"}>${t("review.matching")}</option>
      </select>
    </label>`}
    ${source === "next" && app.state.filter.length > 0 && html`<p class="review-unfiltered muted">
      ${t("review.unfiltered")}${" "}
      <button type="button" class="link-button" onClick=${() => app.change({ queue: "filter" })}>${t("review.keepToFilter")}</button>
    </p>`}
    <p class="review-left" role="status">
      ${session.outbox.unsent > 0 && !session.outbox.failing && html`<span class="review-sending">${t("review.unsent", { n: session.outbox.unsent })}</span>`}
      ${queue.left !== null && html`<strong>${t("review.left", { n: Math.max(0, queue.left - queue.judged) })}</strong>`}
      ${queue.reviewed !== null && html`<span class="muted">${t("review.reviewed", { n: queue.reviewed + queue.judged })}</span>`}
    </p>
  </div>`;
}
