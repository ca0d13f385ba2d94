// The app begins here. How the parts fit together:
//
// VIEWS. A view is a module that is loaded when it is first shown. Its default export is a Preact
// component `function Map({ app })`, drawn anew whenever anything changed, or an object
// `{ mount(element, app), update(app), unmount() }` that draws into an element of its own. It has
// the main column for itself; the header, the filters, the count and the chips are there already.
//
// TOOLS. A module whose default export is a component `function Record({ app })`: a button in the
// header ("header") or an entry of the menu "Share" ("share"; give it the class `menu-item`).
//
// THE APP, which all of them are handed:
//   app.state      what the address says: {filter: [[name, value], ...], view, order, page, grid,
//                  show, photo, color, concept}; state.js has functions that read and change a filter:
//                  valuesOf, valueOf, withValue, withValues, toggled, scoreRange, withScoreRange
//   app.query      the filter as a query string, for any address of the API
//   app.schema     /api/schema       app.session  /api/session      app.server  /api/state
//   app.facets     /api/facets of the filter, always up to date (all of them in the view "charts")
//   app.results    the gallery's page         app.matching  how many photos match
//   app.change({ filter: toggled(app.state.filter, "country", "PH") })   a deliberate step: `back`
//                  undoes it; { replace: true } as second argument for what is none
//   app.drag(filter), app.release(filter)       while something moves, and when it stops
//   app.api.get(path, query), app.api.post(path, body)    throw ApiError; hand it to app.failed
//   app.thumbs.fetch(cards, edge), app.thumbs.url(card, edge)    edges: 160, 320, 640
//   app.openPhoto(id)   app.review(reviews, { say })   app.notices.say(text, { action, run })
//   app.changed()  draw all anew        app.subscribe(listener)  called at each change
//
// REQUESTS that follow the filter: `new Follower(job, { failed })` of follow.js, one in flight.
// KEYS: rows in keys.js's KEY_MAP, done by bindKeys(mode, handlers). TEXTS: all in texts.js.
// CLASSES: button, button-main, icon-button, menu-item, field, muted, visually-hidden (base.css).

import { App } from "./app.js";
import { html, render } from "./dom.js";
import { onKeyDown } from "./keys.js";
import { Shell } from "./shell.js";
import { applyTheme } from "./theme.js";

export const VIEWS = {
  gallery: () => import("./gallery.js"),
  map: () => import("./map.js"),
  charts: () => import("./charts.js"),
  review: () => import("./review.js"),
};

export const TOOLS = {
  header: [() => import("./record.js")],
  share: [() => import("./export_panel.js")],
};

applyTheme();
const app = new App();
addEventListener("keydown", onKeyDown);
render(
  html`
    <${Shell} app=${app} views=${VIEWS} tools=${TOOLS} />
  `,
  document.getElementById("app"),
);
await app.start();
