// The view that the address names, loaded when it is first shown.

import { Component, createRef, html } from "./dom.js";
import { t } from "./texts.js";

export class View extends Component {
  state = { loaded: {}, failure: null };

  componentDidMount() {
    this.load();
  }

  // What could not be loaded is tried again when the server is back.
  componentDidUpdate() {
    const { away } = this.props.app.standing;
    const isBack = this.wasAway && !away;
    this.wasAway = Boolean(away);
    if (isBack && this.state.failure) this.setState({ failure: null });
    else this.load();
  }

  get name() {
    const { app, views } = this.props;
    return app.state.view in views ? app.state.view : "gallery";
  }

  async load() {
    const { name } = this;
    const { app, views } = this.props;
    if (name in this.state.loaded || this.loading === name || this.state.failure === name) return;
    this.loading = name;
    try {
      const { default: view } = await views[name]();
      this.setState(({ loaded }) => ({ loaded: { ...loaded, [name]: view }, failure: null }));
    } catch {
      this.setState({ failure: name });
      app.api.get("/api/state").catch((error) => app.failed(error));
    }
    this.loading = null;
  }

  render({ app }, { loaded, failure }) {
    const view = loaded[this.name];
    if (failure === this.name)
      return html`
        <div class="empty">
          <p class="muted">${t("views.absent")}</p>
          <button type="button" class="button" onClick=${() => location.reload()}>${t("views.again")}</button>
        </div>
      `;
    if (!view)
      return html`
        <p class="muted loading">${t("app.loading")}</p>
      `;
    return typeof view === "function"
      ? html`
          <${view} app=${app} key=${this.name} />
        `
      : html`
          <${Mounted} view=${view} app=${app} key=${this.name} />
        `;
  }
}

class Mounted extends Component {
  place = createRef();

  componentDidMount() {
    this.props.view.mount(this.place.current, this.props.app);
  }

  componentDidUpdate() {
    this.props.view.update?.(this.props.app);
  }

  componentWillUnmount() {
    this.props.view.unmount?.();
  }

  render() {
    return html`
      <div class="mounted" ref=${this.place}></div>
    `;
  }
}

/** A part of the app that is loaded when it is first drawn: a tool of the header or of a menu, to `close`. */
export class Loaded extends Component {
  state = { part: null };

  async componentDidMount() {
    try {
      const { default: part } = await this.props.from();
      this.setState({ part });
    } catch {
      this.setState({ part: null }); // a tool that cannot be loaded is not offered
    }
  }

  render({ app, close }, { part }) {
    return (
      part &&
      html`
        <${part} app=${app} close=${close} />
      `
    );
  }
}
