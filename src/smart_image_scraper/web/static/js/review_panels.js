// Serve: beside the photo that is judged: what is not sent yet, the model, and all that match.

import { html, useState } from "./dom.js";
import { Icon } from "./icons.js";
import { inCode } from "./notices.js";
import { t } from "./texts.js";

const UNSURE = [0.3, 0.7];

/** What the server has not taken yet, once it fails to answer. */
export function Unsent({ session: { outbox } }) {
  const { unsent, failing } = outbox;
  if (unsent === 0 || !failing) return null;
  return html`<section class="unsent" role="status">
    <${Icon} name="warning" />
    <p><strong>${t("review.unsent", { n: unsent })}</strong> ${t("review.unsentWhy")}</p>
    <button type="button" class="button" onClick=${() => outbox.retry()}>${t("app.retry")}</button>
  </section>`;
}

/** How sure the model is of all photos, before and after it learned. */
export function Learning({ session }) {
  const { concept, histogram, before, training, queue } = session;
  return html`<section class="review-panel" aria-label=${t("review.learning")}>
    <h2>${t("charts.score", { concept })}</h2>
    ${histogram && html`<${Histogram} counts=${histogram.counts} before=${before?.counts} />`}
    ${histogram && html`<p class="learn-bins-words">${unsureWords(histogram.counts, before?.counts)}</p>`}
    <button type="button" class="button" disabled=${training !== null} onClick=${() => session.learn()}>
      ${training ? t("review.learns", { seconds: Math.round(training.seconds ?? 0) }) : t("review.learn")}
    </button>
    <label class="review-alone">
      <input type="checkbox" checked=${session.learnsAlone} onChange=${(event) => (session.learnsAlone = event.target.checked)} />
      ${t("review.learnAlone")}
    </label>
    ${queue.why && html`<p class="muted"><bdi>${inCode(queue.why)}</bdi></p>`}
  </section>`;
}

function Histogram({ counts, before }) {
  const most = Math.max(1, ...counts, ...(before ?? []));
  // Roots, so that the few in the middle are seen beside the many at the ends.
  const height = (count) => `${100 * Math.sqrt(count / most)}%`;
  return html`<div class="learn-bins" aria-hidden="true">
    ${counts.map((count, bin) => html`<span class="learn-bins-bin" key=${bin}>
      ${before?.[bin] > 0 && html`<span class="learn-bins-before" style=${{ height: height(before[bin]) }}></span>`}
      <span class="learn-bins-now" style=${{ height: height(count) }}></span>
    </span>`)}
  </div>
  <div class="learn-bins-scale" aria-hidden="true"><span>0</span><span>0.5</span><span>1</span></div>`;
}

function unsureWords(counts, before) {
  const [from, to] = UNSURE.map((limit) => Math.round(limit * counts.length));
  const between = (bins) => bins.slice(from, to).reduce((sum, count) => sum + count, 0);
  const now = t("review.unsure", { n: between(counts) });
  return before ? `${now} ${t("review.unsureBefore", { before: between(before) })}` : now;
}

/** One verdict for all photos that the filter means. */
export function AllMatching({ app, session }) {
  const [choice, setChoice] = useState("reject");
  const [busy, setBusy] = useState(false);
  const { concept } = session;
  const { matching } = app;
  const ofPhoto = ["accept", "reject", "withdraw"].map((verdict) => [verdict, null]);
  const ofConcept = concept === null ? [] : ["accept", "reject", "withdraw"].map((verdict) => [verdict, concept]);
  const choices = Object.fromEntries([...ofPhoto, ...ofConcept].map((each) => [each[1] === null ? each[0] : `${each[0]}:`, each]));
  const apply = async () => {
    setBusy(true);
    await session.judgeAll(...(choices[choice] ?? choices.reject));
    setBusy(false);
  };
  return html`<details class="review-panel review-all">
    <summary>${t("review.all")}</summary>
    <p class="muted">${t("review.allWhat")}</p>
    <label>
      <span class="visually-hidden">${t("review.allVerdict")}</span>
      <select class="field" value=${choice} onChange=${(event) => setChoice(event.target.value)}>
        ${Object.entries(choices).map(([key, [verdict, of]]) => html`<option value=${key} selected=${key === choice}>${choiceWords(verdict, of)}</option>`)}
      </select>
    </label>
    <button type="button" class="button" disabled=${busy || !matching} onClick=${apply}>${t("review.applyAll", { n: matching ?? 0 })}</button>
  </details>`;
}

function choiceWords(verdict, concept) {
  if (concept === null) return t(`review.choices.${verdict}`);
  return t(`review.conceptChoices.${verdict}`, { concept });
}
