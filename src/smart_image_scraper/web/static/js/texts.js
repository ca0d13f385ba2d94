// Every text that a person reads, in English. To translate the app, translate this file.
// {name} stands for a value; a text with `one` and `other` goes by the number {n}.

import { VIEW_KEY_TEXTS, VIEW_TEXTS } from "./texts_views.js";

export const LANGUAGE = "en";

const TEXTS = {
  ...VIEW_TEXTS,
  app: {
    name: "Smart Image Scraper",
    skip: "Skip to the photos",
    loading: "Loading…",
    close: "Close",
    cancel: "Cancel",
    retry: "Try again",
    undo: "Undo",
    copy: "Copy",
    copied: "Copied.",
    notCopied: "The browser does not let this page copy. Select the text and copy it yourself.",
    more: "More",
    main: "Views",
    menu: "Menu",
  },
  views: { gallery: "Gallery", map: "Map", charts: "Charts", review: "Review", absent: "This view could not be loaded: {why}" },
  search: {
    label: "Search",
    text: "Text",
    words: "Picture",
    textHint: "Titles, descriptions, tags …",
    wordsHint: "What the picture shows …",
    textTitle: "Search the words of titles, descriptions, tags and places",
    wordsTitle: "Find photos that look like the words, whatever their titles say",
    clear: "Clear the search",
    go: "Search",
  },
  count: {
    matching: { one: "{n} photo", other: "{n} photos" },
    ofAll: "of {all}",
    none: "No photo",
    page: "Page {page} of {pages}",
    range: "{first}–{last} of {all}",
  },
  tools: {
    filters: "Filters",
    active: "active",
    order: "Order",
    display: "Display",
    share: "Share",
    reload: "Reload",
    reloadTitle: "Reload from the database",
    theme: "Theme",
    help: "Keys",
    helpTitle: "All keys (?)",
    account: "Account",
    logOut: "Log out",
    signedIn: "You are here as {role}.",
    copyLink: "Copy the link to this view",
    command: "Show as a command",
  },
  theme: { auto: "As the system", light: "Light", dark: "Dark" },
  roles: { curator: "curator", viewer: "viewer" },
  orders: {
    newest: "Newest",
    oldest: "Oldest",
    added: "Last added",
    views: "Most viewed",
    score: "{concept}, highest",
    "score-up": "{concept}, lowest",
    unsure: "{concept}, least sure",
    similar: "Most similar",
    words: "Nearest to the words",
    byDate: "By date and views",
    byScore: "By score",
    byLikeness: "By likeness",
  },
  display: {
    grid: "Grid",
    auto: "Fit",
    autoTitle: "As many as fit",
    gridTitle: "{n} × {n}",
    show: "Under each photo",
  },
  fields: {
    title: "Title", taken: "Date taken", country: "Country", license: "Licence", views: "Views",
    terms: "Search terms", scores: "Scores", verdict: "Verdict", size: "Size", id: "Id",
  },
  filters: {
    label: "Filters",
    clear: "Clear all",
    remove: "Remove: {what}",
    showPhotos: { one: "Show {n} photo", other: "Show {n} photos" },
    scores: "Scores",
    noScores: "No photo has been scored yet. Run `sis score monkey`, then reload.",
    least: "{what}, at least",
    most: "{what}, at most",
    missing: { one: "{n} photo without this score", other: "{n} photos without this score" },
    calibrated: "Calibrated by reviews",
    trained: "Trained on your photos",
    country: "Countries",
    term: "Search terms",
    taken: "Date taken",
    takenFrom: "Taken from", from: "from", to: "to",
    takenTo: "Taken to",
    dateHint: "2018, 2018-07 or 2018-07-31",
    views: "Views",
    license: "Licences",
    free: "Free ones",
    camera: "Cameras",
    review: "Verdicts",
    quality: "Quality and files",
    duplicates: "Hide near-duplicates",
    file: "File", withFile: "Here", withoutFile: "Not here",
    gone: "At the source", isGone: "Gone", notGone: "Still there",
    stripped: "Metadata in files", isStripped: "Taken out", notStripped: "Maybe there",
    either: "Any",
    signal: "Shows",
    withoutSignal: "Leave out",
    disagrees: "Site and file disagree on",
    find: "Find in {what}",
    all: { one: "Show all {n}", other: "Show all {n}" },
    fewer: "Show fewer",
    nothing: "Nothing here.",
  },
  signals: { dark: "near black", blank: "empty", blurred: "blurred", grey: "without colour", tiny: "tiny", graphic: "no photo" },
  disagreements: { date: "date", place: "place" },
  verdicts: { accept: "Accepted", reject: "Rejected", none: "Not reviewed", withdraw: "Withdrawn" },
  chips: {
    label: "Active filters",
    text: "“{value}”", term: "Term: {value}", site: "From {value}", country: "{value}", bbox: "In a box on the map", score: "{concept} {least}–{most}",
    "taken-from": "Taken {range}", "views-from": "Views {range}", both: "{from}–{to}", onlyFrom: "from {from}", onlyTo: "to {to}",
    month: "{value}", hour: "{value}:00–{value}:59", license: "{value}", camera: "Camera: {value}",
    owner: "Owner {value}", review: "{value}", signal: "{value}", "without-signal": "Not {value}",
    disagrees: "Disagrees: {value}", "without-duplicates": "No near-duplicates", "with-file": "With file",
    "without-file": "Without file", gone: "Gone", "not-gone": "Not gone", stripped: "Stripped",
    "not-stripped": "Maybe with metadata", failed: "Failed: {value}", id: "{value}",
    similar: "Like {value}", words: "Looks like “{value}”", unknown: "{name}: {value}",
  },
  gallery: {
    label: "Photos",
    untitled: "Untitled",
    noFile: "No file",
    gone: "Gone at its source",
    duplicates: { one: "{n} near-duplicate", other: "{n} near-duplicates" },
    open: "Open {title}",
    similar: "More like this",
    first: "First page", previous: "Previous page", next: "Next page", last: "Last page",
    goTo: "Page",
    unknown: "unknown",
  },
  photo: {
    label: "Photo",
    previous: "Previous photo", next: "Next photo",
    fullScreen: "Full screen",
    loadFailed: "The picture could not be loaded. Its file may be gone from the workspace.",
    noFile: "The file is not here: it has not been downloaded, or it was deleted.",
    openFile: "Open the file",
    source: "Source page",
    licence: "Licence",
    credit: "Credit",
    copyCredit: "Copy the credit",
    notFree: "Not free: ask its owner before you use it.",
    description: "Description",
    scores: "Scores",
    noScores: "Not scored yet.",
    below: "below {value}",
    unknown: "no score",
    taken: "Taken", place: "Place", dimensions: "Size", viewsCount: "Views", terms: "Found by", id: "Id",
    away: "({km} km from {city})",
    noPlace: "No geotag.",
    onMap: "Show on the map",
    mapLabel: "Where it was taken: {where}",
    reviews: "Verdicts",
    accept: "Accept", reject: "Reject",
    saidOf: "{verdict}: {concept}", wholePhoto: "the photo",
    by: "by {by}, {at}",
    duplicates: "Near-duplicates",
    kinds: { exact: "The same file", copy: "The same picture, scaled, cropped or edited", burst: "Taken right after one another" },
    personal: "Personal",
    owner: "Owner", comments: "Comments", notes: "Notes", exif: "EXIF",
    noComments: "No comments.",
    metadata: "All metadata",
    failures: "What failed",
    gone: "Its owner took it away at the source.",
    notFound: "This photo is not in the database any more.",
    similar: "More like this",
  },
  table: {
    find: "Find in the metadata", rows: { one: "{n} row", other: "{n} rows" }, copy: "Copy the table",
    expand: "Full screen", shrink: "Leave full screen", name: "Field", value: "Value", nothing: "No row holds that.",
  },
  command: {
    title: "The same photos, on the command line",
    list: "List them", export: "Write them to a file",
  },
  help: {
    title: "Keys",
    letters: "Single-letter keys",
    anywhere: "Anywhere", gallery: "In the gallery", photo: "In a photo", review: "In the review", map: "On the map",
  },
  keys: {
    ...VIEW_KEY_TEXTS,
    search: "Search", help: "Show all keys", close: "Close, or leave a field",
    filters: "Show or hide the filters", view1: "Gallery", view2: "Map", view3: "Charts", view4: "Review",
    reload: "Reload from the database",
    left: "Photo to the left", right: "Photo to the right", up: "Photo above", down: "Photo below",
    firstPhoto: "First photo of the page", lastPhoto: "Last photo of the page",
    open: "Open the photo", nextPage: "Next page", previousPage: "Previous page",
    bigger: "Bigger photos", smaller: "Smaller photos",
    previous: "Previous photo", next: "Next photo", fullScreen: "Full screen", similar: "More like this",
    accept: "Accept the photo", reject: "Reject the photo", undo: "Undo the last verdict",
  },
  keyNames: {
    " ": "Space", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Enter: "Enter", Escape: "Esc",
    "Shift+ArrowLeft": "Shift ←", "Shift+ArrowRight": "Shift →", "Shift+A": "Shift A",
    PageDown: "Page ↓", PageUp: "Page ↑", Home: "Home", End: "End",
  },
  empty: {
    title: "No photos here yet",
    lead: "Photos come in on the command line; this page then shows, filters and judges them.",
    steps: [
      ["Search and download", "sis scrape \"monkey wild\" -n 200"],
      ["Or take in photos that you have", "sis import folder ./photos"],
      ["Or see how it all works, without a key", "sis demo"],
    ],
    then: "Then reload.",
    firstLoad: "Reading the photos", firstLoadLead: "This is done once; from then on only what changes is read.",
    noMatch: "No photo meets all of this",
    noMatchLead: "Take away a filter, or start over.",
  },
  notices: {
    unreachable: "The server does not answer. Is `sis serve` still running? Trying again …",
    timeout: "The server took too long. Trying again …",
    badFilter: "This cannot be shown: {why}",
    failed: "That did not work: {why}",
    stale: "The database has changed since {when}.",
    reloading: "Reading the database", reloaded: "Up to date.",
    dismiss: "Dismiss",
  },
};

const plurals = new Intl.PluralRules(LANGUAGE);
const numbers = new Intl.NumberFormat(LANGUAGE);

/** Return a text by its path, as in t("count.matching", { n: 3 }); numbers are written for people. */
export function t(path, values = {}) {
  let found = lookUp(path);
  if (found?.other) found = plurals.select(values.n) === "one" ? found.one : found.other;
  if (typeof found !== "string") return found ?? path;
  return found.replace(/\{(\w+)\}/g, (_, name) => written(values[name]));
}

/** Whether there is a text at a path. */
export function hasText(path) {
  return lookUp(path) !== undefined;
}

function lookUp(path) {
  return path.split(".").reduce((texts, name) => texts?.[name], TEXTS);
}

function written(value) {
  return typeof value === "number" ? numbers.format(value) : String(value ?? "");
}
