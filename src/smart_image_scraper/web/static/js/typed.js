// A field for a value that changes by itself as well: what is being typed stays until it is set.

import { Component, html } from "./dom.js";

/** `onSet` gets the text, and returns what is wrong with it, or nothing. */
export class Typed extends Component {
  state = { text: null };

  type = (event) => {
    event.target.setCustomValidity("");
    this.setState({ text: event.target.value });
  };

  set = (event) => {
    const wrong = this.props.onSet(event.target.value.trim());
    event.target.setCustomValidity(wrong ?? "");
    if (wrong) event.target.reportValidity();
    else this.setState({ text: null });
  };

  render({ value, onSet, ...attributes }, { text }) {
    return html`
      <input
        type="text"
        autocomplete="off"
        ...${attributes}
        value=${text ?? value}
        onInput=${this.type}
        onChange=${this.set}
      />
    `;
  }
}
