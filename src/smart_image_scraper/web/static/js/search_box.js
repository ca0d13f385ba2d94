// The search box: by the words of the texts while they are typed, or by what the pictures show.

import { Component, html } from "./dom.js";
import { sentence, splitOrder } from "./format.js";
import { Icon } from "./icons.js";
import { valueOf, withValue } from "./state.js";
import { t } from "./texts.js";

const TYPING_MS = 200;

export class SearchBox extends Component {
  state = { text: "", words: false };

  componentWillMount() {
    this.follow();
  }

  componentDidUpdate() {
    this.follow();
  }

  // The address may change by itself (back, a chip); what is being typed stays.
  follow() {
    const { filter, order } = this.props.app.state;
    const [kind, about] = splitOrder(order);
    const shown = kind === "words" ? about : (valueOf(filter, "text") ?? "");
    if (shown === this.shown) return;
    this.shown = shown;
    if (shown !== this.state.text.trim()) this.setState({ text: shown, words: kind === "words" });
  }

  type = (event) => {
    const text = event.target.value;
    this.setState({ text });
    if (this.state.words) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.apply(), TYPING_MS);
  };

  submit = (event) => {
    event.preventDefault();
    clearTimeout(this.timer);
    this.apply();
    this.typing = false;
  };

  // The first letter is a step of its own, the rest of the word belongs to it.
  apply() {
    const { app } = this.props;
    const text = this.state.text.trim();
    const { words } = this.state;
    const isWords = splitOrder(app.state.order)[0] === "words";
    const order = words && text ? `words:${text}` : isWords ? "newest" : app.state.order;
    const filter = withValue(app.state.filter, "text", words ? null : text);
    if (text === this.shown && order === app.state.order) return;
    this.shown = text;
    const view = app.state.view === "review" || words ? "gallery" : app.state.view;
    app.change({ filter, order, view }, { replace: Boolean(this.typing) });
    this.typing = true;
  }

  // Why not by words is said to whoever asks: a button that cannot be pressed would tell a mouse alone.
  choose(words) {
    const { schema, notices } = this.props.app;
    if (words && !schema?.has_words_search) return notices.say(sentence(schema?.words_search_why ?? t("app.loading")));
    this.typing = false;
    return this.setState({ words }, () => this.state.text.trim() && this.apply());
  }

  clear = () => {
    clearTimeout(this.timer);
    this.typing = false;
    this.setState({ text: "" }, () => this.apply());
  };

  render({ app }, { text, words }) {
    const way = words ? "words" : "text";
    return html`
      <search class="search">
        <form class="search-form" onSubmit=${this.submit}>
          <${Icon} name=${words ? "eye" : "search"} />
          <input
            type="text"
            inputmode="search"
            enterkeyhint="search"
            data-search
            dir="auto"
            autocomplete="off"
            spellcheck=${false}
            aria-label=${t("search.label")}
            placeholder=${t(`search.${way}Hint`)}
            value=${text}
            onInput=${this.type}
            onBlur=${() => (this.typing = false)}
          />
          ${
            text &&
            html`
              <button
                type="button"
                class="search-clear"
                aria-label=${t("search.clear")}
                onClick=${this.clear}
              >
                <${Icon} name="close" />
              </button>
            `
          }
          <div class="segments" role="group" aria-label=${t("search.label")}>
            <button
              type="button"
              class="segment"
              aria-pressed=${!words}
              title=${t("search.textTitle")}
              onClick=${() => this.choose(false)}
            >
              ${t("search.text")}
            </button>
            <button
              type="button"
              class="segment"
              aria-pressed=${words}
              aria-disabled=${!app.schema?.has_words_search}
              title=${app.schema?.words_search_why ?? t("search.wordsTitle")}
              onClick=${() => this.choose(true)}
            >
              ${t("search.words")}
            </button>
          </div>
        </form>
      </search>
    `;
  }
}
