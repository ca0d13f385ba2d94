// One photo over the page: the picture, all that is known of it, and the way to the next one.

import { mediaUrl } from "./card.js";
import { Dialog } from "./dialog.js";
import { Component, createRef, html } from "./dom.js";
import { Icon } from "./icons.js";
import { Details } from "./photo_details.js";
import { t } from "./texts.js";

const SWIPE = 50; // pixels

export class PhotoDialog extends Component {
  state = { details: null, missing: null, id: null };
  stage = createRef();
  panel = createRef();

  componentDidMount() {
    this.load();
  }

  componentDidUpdate() {
    if (this.props.app.state.photo !== this.asked || this.props.app.server?.revision !== this.revision)
      this.load();
  }

  // The newest photo wins: who leafs fast does not see the earlier ones' answers.
  async load() {
    const { app } = this.props;
    const id = app.state.photo;
    this.asked = id;
    this.revision = app.server?.revision;
    try {
      const details = await app.api.get(`/api/photos/${encodeURIComponent(id)}`);
      if (this.asked === id) this.setState({ details, missing: null, id });
    } catch (error) {
      if (this.asked !== id) return;
      if (error.status === 404) this.setState({ details: null, missing: t("photo.notFound", { id }), id });
      else app.failed(error);
    }
  }

  get photos() {
    return this.props.app.results?.photos ?? [];
  }

  get place() {
    return this.photos.findIndex(({ id }) => id === this.props.app.state.photo);
  }

  get card() {
    const { details, id } = this.state;
    return this.photos[this.place] ?? (id === this.props.app.state.photo ? details?.card : null) ?? null;
  }

  close = () => this.props.app.openPhoto(null);

  // Beyond the page's end, the next page's first photo follows.
  async step(places) {
    const { app } = this.props;
    const { place } = this;
    const next = this.photos[place + places];
    const page = app.state.page + places;
    if (place < 0 || this.turning) return;
    if (next) {
      app.openPhoto(next.id);
    } else if (page >= 1 && page <= app.results.pages) {
      this.turning = true;
      await app.turnTo(page);
      this.turning = false;
      const first = app.results.page === page && this.photos.at(places > 0 ? 0 : -1);
      if (first && app.state.photo) app.openPhoto(first.id);
    }
  }

  get canStep() {
    const { app } = this.props;
    const { place } = this;
    const { page } = app.state;
    return {
      previous: place > 0 || (place === 0 && page > 1),
      next: place >= 0 && (place < this.photos.length - 1 || page < (app.results?.pages ?? 1)),
    };
  }

  // Who clicked goes on with the photo: the space bar is to show the next one, not to click again.
  judge = (verdict, event) => {
    const { app } = this.props;
    if (!app.mayReview) return;
    if (event?.detail) this.stage.current.focus();
    app
      .review([{ photo: app.state.photo, verdict, concept: null }], { say: t(`verdicts.${verdict}`) })
      .then(() => this.load());
  };

  fullScreen = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.stage.current?.requestFullscreen?.().catch(() => null);
  };

  // A swipe of a finger leafs, one of two zooms as ever.
  touched = ({ touches }) => {
    this.swipe =
      touches.length === 1 && (visualViewport?.scale ?? 1) === 1
        ? [touches[0].clientX, touches[0].clientY]
        : null;
  };

  released = ({ changedTouches: [touch] }) => {
    if (!this.swipe) return;
    const [across, down] = [touch.clientX - this.swipe[0], touch.clientY - this.swipe[1]];
    this.swipe = null;
    if (Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(down)) this.step(across < 0 ? 1 : -1);
  };

  handlers = {
    previous: () => this.step(-1),
    next: () => this.step(1),
    fullScreen: this.fullScreen,
    similar: () => this.props.app.showSimilar(this.props.app.state.photo),
    accept: () => this.judge("accept"),
    reject: () => this.judge("reject"),
    undo: () => this.props.app.undoReview?.().then(() => this.load()),
  };

  render({ app }, { details, missing }) {
    const { card, canStep } = this;
    const shown = details && this.state.id === app.state.photo ? details : null;
    const title = card?.title || shown?.title || t(missing ? "photo.absent" : "gallery.untitled");
    const arrow = (way, icon, places) => html`
      <button
        type="button"
        class=${`stage-button stage-${way}`}
        title=${t(`photo.${way}`)}
        aria-label=${t(`photo.${way}`)}
        disabled=${!canStep[way]}
        onClick=${() => this.step(places)}
      >
        <${Icon} name=${icon} />
      </button>
    `;
    return html`
      <${Dialog}
        app=${app}
        kind="photo"
        mode="photo"
        label=${`${t("photo.label")}: ${title}`}
        handlers=${this.handlers}
        onClose=${this.close}
      >
        <div
          class="stage"
          ref=${this.stage}
          tabindex="-1"
          onTouchStart=${this.touched}
          onTouchEnd=${this.released}
        >
          ${
            card &&
            html`
              <${Picture} key=${card.id} app=${app} card=${card} title=${title} />
            `
          }
          ${
            missing &&
            html`
              <p class="stage-note">${missing}</p>
            `
          }
          ${arrow("previous", "left", -1)}${arrow("next", "right", 1)}
          <div class="stage-tools">
            ${
              document.fullscreenEnabled &&
              html`
                <button
                  type="button"
                  class="stage-button"
                  title=${t("photo.fullScreen")}
                  aria-label=${t("photo.fullScreen")}
                  onClick=${this.fullScreen}
                >
                  <${Icon} name="expand" />
                </button>
              `
            }
            <button
              type="button"
              class="stage-button"
              title=${t("app.close")}
              aria-label=${t("app.close")}
              onClick=${this.close}
            >
              <${Icon} name="close" />
            </button>
          </div>
          <${Ahead} photos=${[this.photos[this.place + 1], this.photos[this.place - 1]]} />
        </div>
        <div class="panel" ref=${this.panel} tabindex="-1">
          ${
            shown
              ? html`
                  <${Details} app=${app} details=${shown} onJudge=${this.judge} />
                `
              : html`
                  <h2><bdi>${title}</bdi></h2>
                  ${
                    !missing &&
                    html`
                      <p class="muted loading">${t("app.loading")}</p>
                    `
                  }
                `
          }
        </div>
      <//>
    `;
  }
}

// The thumbnail at once, the picture over it when it has come.
class Picture extends Component {
  state = { loaded: false, failed: false };

  render({ app, card, title }, { loaded, failed }) {
    if (!card.picture)
      return html`
        <p class="stage-note">
          <${Icon} name="gallery" />
          ${t("photo.noFile")}
        </p>
      `;
    const edge = app.results?.edge;
    const thumb = edge && app.thumbs.url(card, edge);
    return html`
      ${
        thumb &&
        !loaded &&
        html`
          <img class="picture picture-first" src=${thumb} alt="" />
        `
      }
      ${
        failed
          ? html`
              <p class="stage-note">
                <${Icon} name="warning" />
                ${t("photo.loadFailed")}
              </p>
            `
          : html`
              <img
                class=${`picture ${loaded ? "" : "picture-coming"}`}
                src=${mediaUrl(card, 1280)}
                alt=${title}
                decoding="async"
                onLoad=${() => this.setState({ loaded: true })}
                onError=${() => this.setState({ failed: true })}
              />
            `
      }
    `;
  }
}

// The neighbours' pictures, fetched ahead so that leafing does not wait.
function Ahead({ photos }) {
  return html`
    <div hidden>
      ${photos
        .filter((photo) => photo?.picture)
        .map(
          (photo) => html`
            <img key=${photo.id} src=${mediaUrl(photo, 1280)} alt="" />
          `,
        )}
    </div>
  `;
}
