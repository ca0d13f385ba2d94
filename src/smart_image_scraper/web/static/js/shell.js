// The page's frame: header, filters beside the view (or over it, on a phone), notices, dialogs.

import { ActiveFilters } from "./chips.js";
import { Component, html } from "./dom.js";
import { Empty } from "./empty.js";
import { Filters } from "./filters.js";
import { Header } from "./header.js";
import { Help } from "./help.js";
import { bindKeys } from "./keys.js";
import { Banners, Note } from "./notices.js";
import { PhotoDialog } from "./photo.js";
import { t } from "./texts.js";
import { Toolbar } from "./toolbar.js";
import { View } from "./view.js";

const WIDE = matchMedia("(min-width: 960px)");
const SIDEBAR_KEPT = "sis-sidebar";

export class Shell extends Component {
  state = {
    sheet: false,
    sidebar: localStorage.getItem(SIDEBAR_KEPT) !== "off",
    help: false,
    wide: WIDE.matches,
  };

  componentDidMount() {
    const { app } = this.props;
    this.ends = [
      app.subscribe(() => this.setState({})),
      bindKeys("anywhere", {
        search: () => document.querySelector("[data-search]")?.focus(),
        help: () => this.setState({ help: true }),
        filters: () => this.toggleFilters(),
        close: () => this.leave(),
        view1: () => app.change({ view: "gallery" }),
        view2: () => app.change({ view: "map" }),
        view3: () => app.change({ view: "charts" }),
        view4: () => app.mayReview && app.change({ view: "review" }),
      }),
    ];
    WIDE.addEventListener("change", () => this.setState({ wide: WIDE.matches, sheet: false }));
  }

  componentDidUpdate() {
    const { view } = this.props.app.state;
    document.title = `${t(`views.${view}`)} · ${t("app.name")}`;
  }

  componentWillUnmount() {
    for (const end of this.ends) end();
  }

  toggleFilters = () => {
    if (!this.state.wide) return this.toggleSheet();
    const sidebar = !this.state.sidebar;
    localStorage.setItem(SIDEBAR_KEPT, sidebar ? "on" : "off");
    return this.setState({ sidebar });
  };

  // Above the sheet, the photos stay to be seen while a slider moves.
  toggleSheet() {
    const sheet = !this.state.sheet;
    if (sheet) document.getElementById("photos").scrollIntoView();
    this.setState({ sheet });
  }

  leave() {
    if (document.activeElement?.matches("input, textarea")) document.activeElement.blur();
    else return false;
    return true;
  }

  render({ app, views, tools }, { sheet, sidebar, help, wide }) {
    const empty = app.isEmpty;
    const beside = wide && sidebar && !empty;
    return html`
      <a class="skip" href="#photos">${t("app.skip")}</a>
      <${Header} app=${app} tools=${tools.header} onHelp=${() => this.setState({ help: true })} />
      <${Banners} app=${app} />
      <div class=${`frame ${beside ? "frame-beside" : ""}`}>
        ${
          beside &&
          html`
            <aside class="sidebar" aria-label=${t("filters.label")}>
              <h2 class="visually-hidden">${t("filters.label")}</h2>
              <${Filters} app=${app} />
            </aside>
          `
        }
        <main class="main" id="photos" tabindex="-1">
          ${
            empty
              ? html`
                  <${Empty} app=${app} />
                `
              : html`
                  <h1 class="visually-hidden">${t(`views.${app.state.view}`)}</h1>
                  <${Toolbar}
                    app=${app}
                    tools=${tools.share}
                    expanded=${wide ? sidebar : sheet}
                    onFilters=${this.toggleFilters}
                  />
                  <${ActiveFilters} app=${app} />
                  ${
                    (app.schema || app.state.view === "gallery") &&
                    html`
                      <${View} app=${app} views=${views} />
                    `
                  }
                  ${
                    !app.schema &&
                    !app.results &&
                    html`
                      <p class="muted starting" role="status">${t("app.loading")}</p>
                    `
                  }
                `
          }
        </main>
      </div>
      ${
        sheet &&
        !wide &&
        html`
          <${Filters} app=${app} asSheet onClose=${() => this.setState({ sheet: false })} />
        `
      }
      ${
        app.state.photo &&
        app.session &&
        html`
          <${PhotoDialog} app=${app} />
        `
      }
      ${
        help &&
        html`
          <${Help} onClose=${() => this.setState({ help: false })} />
        `
      }
      <${Note} app=${app} />
    `;
  }
}
