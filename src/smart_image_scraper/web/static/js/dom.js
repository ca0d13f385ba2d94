// What draws the page: Preact's parts, from the one place that knows where they are kept.

export { Component, Fragment, createRef, h, render } from "../vendor/preact.js";
export { html } from "../vendor/htm_preact.js";
export { useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor/preact_hooks.js";
