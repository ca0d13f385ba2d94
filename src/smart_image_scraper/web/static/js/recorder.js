// Serve: this tab as a film. The browser asks the person, captures and encodes; nothing is sent away.

const FRAMES_PER_SECOND = 15;
const CHUNK_MS = 1000;
// A film of the first kind says how long it is, and plays everywhere.
const KINDS = [
  { type: "video/mp4;codecs=avc1.640028", extension: "mp4" },
  { type: "video/mp4;codecs=avc1", extension: "mp4" },
  { type: "video/mp4", extension: "mp4" },
  { type: "video/webm;codecs=vp9", extension: "webm" },
  { type: "video/webm", extension: "webm" },
];

/** Why this browser cannot record: "insecure", "unsupported", or null if it can. */
export function obstacle() {
  if (!window.isSecureContext) return "insecure";
  const can = navigator.mediaDevices?.getDisplayMedia && window.MediaRecorder && kind();
  return can ? null : "unsupported";
}

function kind() {
  return KINDS.find(({ type }) => MediaRecorder.isTypeSupported(type));
}

/** Asks for the tab and records until `stop`, or until the person ends the sharing. */
export class Recorder {
  #recorder = null;
  #stream = null;
  #chunks = [];
  #started = 0;
  #changed;
  #finished;

  /** `changed()` once a second; `finished({ blob, name, seconds })` at the end, if it has a picture. */
  constructor({ changed, finished }) {
    this.#changed = changed;
    this.#finished = finished;
  }

  get seconds() {
    return Math.floor((performance.now() - this.#started) / 1000);
  }

  get bytes() {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.size, 0);
  }

  /** Rejects with a `NotAllowedError` if the person says no. */
  async start() {
    this.#stream = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: FRAMES_PER_SECOND },
      audio: false,
      preferCurrentTab: true,
      selfBrowserSurface: "include",
      surfaceSwitching: "exclude",
    });
    const { type, extension } = kind();
    this.#recorder = new MediaRecorder(this.#stream, { mimeType: type });
    this.#recorder.addEventListener("dataavailable", ({ data }) => this.#take(data));
    this.#recorder.addEventListener("stop", () => this.#end(type, extension));
    this.#stream.getVideoTracks()[0].addEventListener("ended", () => this.stop());
    this.#started = performance.now();
    this.#recorder.start(CHUNK_MS);
  }

  stop() {
    if (this.#recorder?.state === "recording") this.#recorder.stop();
  }

  #take(data) {
    if (data.size > 0) this.#chunks.push(data);
    this.#changed();
  }

  #end(type, extension) {
    this.#stream.getTracks().forEach((track) => track.stop());
    const blob = new Blob(this.#chunks, { type: type.split(";")[0] });
    this.#finished({ blob, name: nameOf(new Date(), extension), seconds: this.seconds });
  }
}

function nameOf(now, extension) {
  const part = (number) => String(number).padStart(2, "0");
  const date = [now.getFullYear(), part(now.getMonth() + 1), part(now.getDate())].join("-");
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(part).join("");
  return `screencast-${date}-${time}.${extension}`;
}

/** Hand a file to the browser's downloads. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
