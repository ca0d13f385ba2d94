// The header: name, search, the views' tabs, and what belongs to the whole app.

import { html } from "./dom.js";
import { Icon } from "./icons.js";
import { Menu } from "./menu.js";
import { SearchBox } from "./search_box.js";
import { VIEWS } from "./state.js";
import { t } from "./texts.js";
import { setTheme, theme, THEMES } from "./theme.js";
import { Loaded } from "./view.js";

export function Header({ app, tools, onHelp }) {
  const tabs = VIEWS.filter((name) => name !== "review" || app.mayReview);
  return html`
    <header class="header">
      <a class="brand" href="/" aria-label=${t("app.name")} onClick=${(event) => home(event, app)}>
        <${Icon} name="logo" />
        <span class="brand-name">${t("app.name")}</span>
      </a>
      <${SearchBox} app=${app} />
      <nav class="tabs" aria-label=${t("app.main")}>
        ${tabs.map(
          (name) => html`
            <${Tab} key=${name} app=${app} name=${name} />
          `,
        )}
      </nav>
      <div class="header-tools">
        ${tools.map(
          (from) => html`
            <${Loaded} app=${app} from=${from} />
          `,
        )}
        ${
          app.mayReload &&
          html`
            <button
              type="button"
              class=${`icon-button wide-only ${app.server?.loading ? "turning" : ""}`}
              title=${t("tools.reloadTitle")}
              aria-label=${t("tools.reloadTitle")}
              onClick=${() => app.reload()}
            >
              <${Icon} name="reload" />
            </button>
          `
        }
        <button
          type="button"
          class="icon-button wide-only"
          title=${t("tools.helpTitle")}
          aria-label=${t("tools.helpTitle")}
          onClick=${onHelp}
        >
          <${Icon} name="keys" />
        </button>
        <${Account} app=${app} onHelp=${onHelp} />
      </div>
    </header>
  `;
}

function home(event, app) {
  event.preventDefault();
  app.change({ filter: [], view: "gallery", order: "newest", photo: null });
}

function Tab({ app, name }) {
  const chosen = app.state.view === name;
  return html`
    <button
      type="button"
      class="tab"
      aria-current=${chosen ? "page" : undefined}
      onClick=${() => app.change({ view: name })}
    >
      <${Icon} name=${name} />
      ${t(`views.${name}`)}
    </button>
  `;
}

function Account({ app, onHelp }) {
  const choose = (name) => {
    setTheme(name);
    app.changed();
  };
  return html`
    <${Menu} icon="more" label=${t("app.menu")} align="end">
      <div class="menu-group narrow-only">
        ${
          app.mayReload &&
          html`
            <button
              type="button"
              class="menu-item"
              disabled=${app.server?.loading}
              onClick=${() => app.reload()}
            >
              <${Icon} name="reload" />
              ${t("tools.reloadTitle")}
            </button>
          `
        }
        <button type="button" class="menu-item" onClick=${onHelp}>
          <${Icon} name="keys" />
          ${t("tools.help")}
        </button>
      </div>
      <fieldset class="menu-group">
        <legend>${t("tools.theme")}</legend>
        ${THEMES.map(
          (name) => html`
            <label class="menu-item">
              <input type="radio" name="theme" checked=${theme() === name} onChange=${() => choose(name)} />
              ${t(`theme.${name}`)}
            </label>
          `,
        )}
      </fieldset>
      ${
        app.session &&
        html`
          <div class="menu-group">
            <p class="muted menu-note">${t("tools.signedIn", { role: t(`roles.${app.session.role}`) })}</p>
            ${
              app.session.passwords &&
              html`
                <button type="button" class="menu-item" onClick=${() => logOut(app)}>
                  ${t("tools.logOut")}
                </button>
              `
            }
          </div>
        `
      }
    <//>
  `;
}

async function logOut(app) {
  try {
    await app.api.post("/logout");
    location.assign("/login");
  } catch (error) {
    app.failed(error);
  }
}
