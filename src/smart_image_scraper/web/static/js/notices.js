// What the app has to say: problems that stay until they are solved, and short notes that pass.

import { html } from "./dom.js";
import { Icon } from "./icons.js";
import { moment, sentence } from "./format.js";
import { t } from "./texts.js";

const SHOWN_MS = 6000;
const READ_MS = 70; // a letter, at a slow reader's pace

export class Notices {
  refused = {}; // why the address cannot be shown, by what was asked for
  note = null; // {text, action, run}
  layer = 0; // how many dialogs lie over the page: the note is in the topmost, beneath it nobody can press it
  #changed;
  #timer = null;

  constructor(changed) {
    this.#changed = changed;
  }

  get problem() {
    const why = Object.values(this.refused).find(Boolean);
    return why ? t("notices.badFilter", { why }) : null;
  }

  /** Say something for a few seconds; `run` is what a click on `action` does. */
  say(text, { action = null, run = null } = {}) {
    clearTimeout(this.#timer);
    this.note = { text, action, run };
    this.#timer = setTimeout(() => this.dismiss(), Math.max(SHOWN_MS, READ_MS * text.length));
    this.#changed();
  }

  dismiss() {
    clearTimeout(this.#timer);
    this.note = null;
    this.#changed();
  }
}

/** What is wrong for as long as it is: no server, no database, no key, a filter that is none. */
export function Banners({ app }) {
  const { notices, server, standing } = app;
  const problems = [...(server?.problems ?? app.schema?.problems ?? [])];
  return html`
    <div class="banners" role="status">
      ${
        standing.away &&
        html`
          <p class="banner banner-bad">
            <${Icon} name="warning" />
            <span>${inCode(standing.away)}</span>
          </p>
        `
      }
      ${
        notices.problem &&
        html`
          <p class="banner banner-bad">
            <${Icon} name="warning" />
            <bdi>${notices.problem}</bdi>
            <button type="button" class="button" onClick=${() => app.change({ filter: [], order: "newest" })}>
              ${t("filters.clear")}
            </button>
          </p>
        `
      }
      ${problems.map(
        (problem) => html`
          <p class="banner" key=${problem}>
            <${Icon} name="warning" />
            <span>${inCode(sentence(problem))}</span>
          </p>
        `,
      )}
      ${
        server?.loading &&
        !standing.isFirstLoad &&
        html`
          <${Progress} done=${server.progress} />
        `
      }
      ${
        server?.stale &&
        !server.loading &&
        html`
          <p class="banner banner-news">
            <${Icon} name="reload" />
            <span>${t("notices.stale", { when: moment(server.loaded_at) })}</span>
            ${
              app.mayReload &&
              html`
                <button type="button" class="button" onClick=${() => app.reload()}>
                  ${t("tools.reload")}
                </button>
              `
            }
          </p>
        `
      }
    </div>
  `;
}

/** How far the server has read its database. */
export function Progress({ done }) {
  return html`
    <progress class="reading" value=${done || undefined} aria-label=${t("notices.reloading")}></progress>
  `;
}

/** The note that passes, and is announced. */
export function Note({ app, layer = 0 }) {
  const { note } = app.notices;
  if (layer !== app.notices.layer) return null;
  const act = () => {
    app.notices.dismiss();
    note.run();
  };
  return html`
    <div class="note-place" role="status" aria-live="polite">
      ${
        note &&
        html`
          <div class="note">
            <bdi>${inCode(note.text)}</bdi>
            ${
              note.run &&
              html`
                <button type="button" class="button" onClick=${act}>${note.action}</button>
              `
            }
            <button
              type="button"
              class="icon-button"
              aria-label=${t("notices.dismiss")}
              onClick=${() => app.notices.dismiss()}
            >
              <${Icon} name="close" />
            </button>
          </div>
        `
      }
    </div>
  `;
}

/** Show what stands between backquotes as code. */
export function inCode(text) {
  return text.split("`").map((part, place) =>
    place % 2
      ? html`
          <code>${part}</code>
        `
      : part,
  );
}
