// The photos that show nearly the same, by how they do.

import { Component, html } from "./dom.js";
import { hasText, t } from "./texts.js";

const EDGE = 160;

export class Duplicates extends Component {
  componentDidMount() {
    this.fetch();
  }

  componentDidUpdate(before) {
    if (before.groups !== this.props.groups) this.fetch();
  }

  async fetch() {
    const { app, groups } = this.props;
    try {
      await app.thumbs.fetch(
        groups.flatMap(({ photos }) => photos),
        EDGE,
      );
      this.setState({});
    } catch (error) {
      app.failed(error);
    }
  }

  render({ app, groups }) {
    if (!groups.length) return null;
    return html`
      <section class="block">
        <h3>${t("photo.duplicates")}</h3>
        ${groups.map(
          ({ kind, photos }) => html`
            <p class="muted">${hasText(`photo.kinds.${kind}`) ? t(`photo.kinds.${kind}`) : kind}</p>
            <ul class="strip">
              ${photos.map((photo) => {
                const title = photo.title || t("gallery.untitled");
                return html`
                  <li key=${photo.id}>
                    <button
                      type="button"
                      class="strip-tile"
                      title=${title}
                      aria-label=${t("gallery.open", { title })}
                      onClick=${() => app.openPhoto(photo.id)}
                    >
                      <img src=${app.thumbs.url(photo, EDGE) ?? undefined} alt="" />
                    </button>
                  </li>
                `;
              })}
            </ul>
          `,
        )}
      </section>
    `;
  }
}
