// Copying to the clipboard, which browsers refuse on plain http.

import { t } from "./texts.js";

/** Copy a text and say so; say what to do instead where the browser refuses. */
export async function copyText(text, notices) {
  try {
    await navigator.clipboard.writeText(text);
    notices.say(t("app.copied"));
  } catch {
    notices.say(t("app.notCopied"));
  }
}
