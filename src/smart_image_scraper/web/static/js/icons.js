// Line icons on a grid of 24; decoration only: whatever shows one has a name of its own.

import { html } from "./dom.js";

const PATHS = {
  download: "M12 4v11M8 11.500 12 15l4-3.500M6 19h12",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm5-1.5L20 20",
  close: "M6 6l12 12M18 6L6 18",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  first: "M17 5l-7 7 7 7M7 5v14",
  last: "M7 5l7 7-7 7M17 5v14",
  down: "M6 9l6 6 6-6",
  filter: "M4 6h16M7 12h10M10 18h4",
  reload: "M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4",
  theme: "M12 4a8 8 0 1 0 8 8 6 6 0 0 1-8-8Z",
  more: "M12 4.800a.7.7 0 1 0 0 1.400.7.7 0 0 0 0-1.400ZM12 11.300a.7.7 0 1 0 0 1.400.7.7 0 0 0 0-1.400ZM12 17.800a.7.7 0 1 0 0 1.400.7.7 0 0 0 0-1.400Z",
  keys: "M4 7h16v10H4zM8 11h.01M12 11h.01M16 11h.01M8.5 14h7",
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8c.6-3.6 3.4-5.5 7-5.5s6.400 1.900 7 5.500",
  grid: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  share: "M12 15V4M8 7.500 12 4l4 3.500M6 12v7h12v-7",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700l-1 1M14 10a4 4 0 0 0-6-.4l-3 3A4 4 0 0 0 10.700 18.300l1-1",
  terminal: "M5 7l5 5-5 5M12 17h7",
  similar: "M4 8V5h10v10h-3M10 9h10v10H10z",
  copy: "M9 9h10v11H9zM5 15V4h10v2",
  expand: "M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5",
  warning: "M12 4 3 19.500h18zM12 10v4.500M12 17v.01",
  accept: "M5 12.500 10 17.500 19.500 7",
  reject: "M6 6l12 12M18 6L6 18",
  external: "M9 6H5v13h13v-4M13 5h6v6M19 5l-8 8",
  place: "M12 21s6.500-6 6.500-11a6.500 6.500 0 0 0-13 0c0 5 6.500 11 6.500 11Zm0-8.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z",
  stack: "M4 7h12v12H4zM8 7V4h12v12h-4",
  map: "M4 6l5-2 6 2 5-2v14l-5 2-6-2-5 2zM9 4v14M15 6v14",
  charts: "M5 20V11M12 20V4M19 20v-6",
  review: "M4 6h10M4 12h7M4 18h5M13.500 15.500l2.500 2.500 4.500-5.500",
  gallery: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4",
  eye: "M3 12s3.500-6 9-6 9 6 9 6-3.500 6-9 6-9-6-9-6Zm9 2.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z",
  logo: "M4 5h16v14H4zM8.500 13.500a3.500 3.500 0 0 1 7 0M9.500 10h.01M14.500 10h.01",
};

export function Icon({ name }) {
  return html`
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d=${PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  `;
}
