// What is known of one photo: licence and credit first, then what is in it, where, who, everything.

import { mediaUrl } from "./card.js";
import { copyText } from "./copy.js";
import { html } from "./dom.js";
import { countryName, moment, number, safeLink, score, taken } from "./format.js";
import { Icon } from "./icons.js";
import { Locator } from "./locator.js";
import { markedUp } from "./markup.js";
import { MetadataTable } from "./metadata.js";
import { Personal } from "./photo_personal.js";
import { Duplicates } from "./photo_duplicates.js";
import { t } from "./texts.js";

export function Details({ app, details, onJudge }) {
  const gone = details.card?.gone;
  return html`
    <h2 class="photo-title"><bdi>${details.title || t("gallery.untitled")}</bdi></h2>
    ${
      gone &&
      html`
        <p class="banner">
          <${Icon} name="warning" />
          ${t("photo.gone")}
        </p>
      `
    }
    <${Actions} app=${app} details=${details} onJudge=${onJudge} />
    <${Licence} app=${app} details=${details} />
    ${
      details.description &&
      html`
        <p class="description" dir="auto">${markedUp(details.description)}</p>
      `
    }
    <${Facts} app=${app} details=${details} />
    <${Scores} scores=${details.scores} />
    <${Where} app=${app} details=${details} />
    <${Reviews} reviews=${details.reviews} />
    <${Duplicates} app=${app} groups=${details.duplicates} />
    <${Personal} app=${app} personal=${details.personal} why=${details.personal_why} />
    <${Failures} failures=${details.failures} />
    <${MetadataTable} app=${app} fields=${details.fields} />
  `;
}

function Actions({ app, details, onJudge }) {
  const { page_url: page, card } = details;
  const verdict = (word) => html`
    <button
      type="button"
      class=${`button verdict-${word}`}
      aria-pressed=${card.verdict === word}
      onClick=${(event) => onJudge(card.verdict === word ? "withdraw" : word, event)}
    >
      <${Icon} name=${word} />
      ${t(`photo.${word}`)}
    </button>
  `;
  const source = safeLink(page);
  return html`
    <div class="actions">
      ${
        card &&
        app.mayReview &&
        html`
          ${verdict("accept")}${verdict("reject")}
        `
      }
      ${
        card &&
        html`
          <button type="button" class="button" onClick=${() => app.showSimilar(card.id)}>
            <${Icon} name="similar" />
            ${t("photo.similar")}
          </button>
        `
      }
      ${
        source &&
        html`
          <a class="button" href=${source} target="_blank" rel="noopener noreferrer">
            <${Icon} name="external" />
            ${t("photo.source")}
          </a>
        `
      }
      ${
        card?.picture &&
        html`
          <a class="button" href=${mediaUrl(card, "full")} target="_blank" rel="noopener">
            <${Icon} name="gallery" />
            ${t("photo.openFile")}
          </a>
        `
      }
    </div>
  `;
}

function Licence({ app, details: { license, credit } }) {
  const url = safeLink(license.url);
  const name = license.name || license.word;
  return html`
    <section class="block licence">
      <p>
        <span class=${`tag ${license.free ? "tag-good" : "tag-bad"}`}>
          ${
            url
              ? html`
                  <a href=${url} target="_blank" rel="noopener noreferrer license">${name}</a>
                `
              : name
          }
        </span>
        ${
          !license.free &&
          html`
            ${" "}<span class="muted">${t("photo.notFree")}</span>
          `
        }
      </p>
      ${
        credit &&
        html`
          <p class="credit">
            <bdi>${credit}</bdi>
            <button
              type="button"
              class="icon-button"
              title=${t("photo.copyCredit")}
              aria-label=${t("photo.copyCredit")}
              onClick=${() => copyText(credit, app.notices)}
            >
              <${Icon} name="copy" />
            </button>
          </p>
        `
      }
    </section>
  `;
}

function Facts({ details: { card } }) {
  if (!card) return null;
  const facts = [
    ["taken", taken(card.taken, card.granularity)],
    ["dimensions", card.width && `${card.width} × ${card.height}`],
    ["viewsCount", card.views === null ? null : number(card.views)],
    ["terms", card.terms.join(", ")],
    ["id", card.id],
  ];
  return html`
    <dl class="facts">
      ${facts
        .filter(([, value]) => value)
        .map(
          ([name, value]) => html`
            <div>
              <dt>${t(`photo.${name}`)}</dt>
              <dd><bdi>${value}</bdi></dd>
            </div>
          `,
        )}
    </dl>
  `;
}

function Scores({ scores }) {
  return html`
    <section class="block">
      <h3>${t("photo.scores")}</h3>
      ${
        scores.length === 0 &&
        html`
          <p class="muted">${t("photo.noScores")}</p>
        `
      }
      <dl class="score-list">
        ${scores.map(
          (each) => html`
            <div>
              <dt>
                <bdi>${each.concept}</bdi>
                <span class="muted score-model">${each.model}</span>
              </dt>
              <dd>
                <span class="meter" style=${{ "--value": each.value ?? 0 }}></span>
                <span class="caption-value">${said(each)}</span>
              </dd>
            </div>
          `,
        )}
      </dl>
    </section>
  `;
}

function said({ value, below }) {
  if (value !== null) return score(value);
  return below === null || below === undefined
    ? t("photo.unknown")
    : t("photo.below", { value: score(below) });
}

function Where({ app, details: { place, coordinates } }) {
  const country = place?.country_code ? countryName(place.country_code, app.schema) : place?.country;
  const names = [...new Set([place?.city, place?.region, country])].filter(Boolean).join(", ");
  const away = place?.city && place.distance_km >= 1;
  return html`
    <section class="block">
      <h3>${t("photo.place")}</h3>
      ${
        names
          ? html`
              <p>
                <bdi>${names}</bdi>
                ${
                  away &&
                  html`
                    ${" "}<span class="muted">
                      ${t("photo.away", { km: Math.round(place.distance_km), city: place.city })}
                    </span>
                  `
                }
              </p>
            `
          : html`
              <p class="muted">${t("photo.noPlace")}</p>
            `
      }
      ${
        coordinates &&
        html`
          <${Locator} app=${app} coordinates=${coordinates} where=${names} />
        `
      }
    </section>
  `;
}

function Reviews({ reviews }) {
  if (!reviews.length) return null;
  return html`
    <section class="block">
      <h3>${t("photo.reviews")}</h3>
      <ul class="plain">
        ${reviews.map(
          ({ concept, verdict, by, at }) => html`
            <li>
              ${t("photo.saidOf", { verdict: t(`verdicts.${verdict}`), concept: concept ?? t("photo.wholePhoto") })}
              ${" "}<span class="muted">${t("photo.by", { by: by ?? "?", at: moment(at) })}</span>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}

function Failures({ failures }) {
  if (!failures?.length) return null;
  return html`
    <section class="block">
      <h3>${t("photo.failures")}</h3>
      <ul class="plain">
        ${failures.map(
          ({ stage, message }) => html`
            <li>
              <strong>${stage}</strong>${": "}<bdi>${message}</bdi>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
