// Serve: the button that records this tab, and saves the film.

import { html, useEffect, useRef, useState } from "./dom.js";
import { bindKeys } from "./keys.js";
import { Recorder, obstacle, save } from "./recorder.js";
import { t } from "./texts.js";

const MEGABYTE = 1e6;

export default function Record({ app }) {
  const recorder = useRef(null);
  const [recording, setRecording] = useState(false);
  const [, tick] = useState(0);
  const stop = () => recorder.current?.stop();
  useEffect(() => {
    if (!recording) return undefined;
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    const unbind = bindKeys("anywhere", { close: () => stop() });
    addEventListener("beforeunload", warn);
    return () => {
      removeEventListener("beforeunload", warn);
      clearInterval(timer);
      unbind();
    };
  }, [recording]);
  const start = async () => {
    const why = obstacle();
    if (why) return app.notices.say(t(`record.${why}`));
    recorder.current = new Recorder({
      changed: () => tick((count) => count + 1),
      finished: (film) => {
        setRecording(false);
        save(film.blob, film.name);
        app.notices.say(t("record.saved", { name: film.name }));
      },
    });
    try {
      await recorder.current.start();
      setRecording(true);
    } catch (error) {
      app.notices.say(t(error.name === "NotAllowedError" ? "record.refused" : "record.failed", { why: error.message }));
    }
    return undefined;
  };
  const { seconds = 0, bytes = 0 } = recording ? recorder.current : {};
  const words = recording ? t("record.stop") : t("record.start");
  return html`<button type="button" class=${recording ? "button recording" : "icon-button"} aria-label=${words} title=${words}
    data-record=${recording ? "on" : "off"} onClick=${recording ? stop : start}>
    <span class="record-dot" aria-hidden="true"></span>
    ${recording && html`<span class="record-time">${clock(seconds)}</span><span class="record-size">${(bytes / MEGABYTE).toFixed(1)} MB</span>`}
  </button>`;
}

// What is recorded so far is nowhere but in this page.
function warn(event) {
  event.preventDefault();
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
