// The app's API: JSON in and out, errors as sentences, the CSRF token on whatever changes something.

const TIMEOUT_MS = 60_000;

/** What a request ended in; `message` is a sentence for people, `status` 0 without an answer. */
export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export class Api {
  #token = "";

  set token(token) {
    this.#token = token;
  }

  /** Return the JSON at a path; `query` is a query string or a mapping. */
  async get(path, query = "") {
    const words = String(query instanceof Object ? new URLSearchParams(query) : query);
    const reply = await this.#ask(words ? `${path}?${words}` : path, {});
    return reply.json();
  }

  async post(path, body = {}) {
    const reply = await this.#send(path, body);
    return (await reply.text().then((text) => text && JSON.parse(text))) || {};
  }

  async postForBytes(path, body) {
    const reply = await this.#send(path, body);
    return reply.arrayBuffer();
  }

  // A server that was started anew has other sessions: without passwords, a new one is had by asking.
  async #send(path, body) {
    try {
      return await this.#sendOnce(path, body);
    } catch (error) {
      if (error.status !== 403) throw error;
      this.#token = (await this.get("/api/session")).csrf;
      return this.#sendOnce(path, body);
    }
  }

  #sendOnce(path, body) {
    return this.#ask(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-SIS-CSRF": this.#token },
      body: JSON.stringify(body),
    });
  }

  async #ask(address, options) {
    let reply;
    try {
      reply = await fetch(address, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      throw new ApiError(error.name === "TimeoutError" ? "timeout" : "unreachable", 0);
    }
    if (reply.status === 401) {
      const next = location.pathname + location.search;
      location.assign(`/login?next=${encodeURIComponent(next)}`);
    }
    if (!reply.ok) throw new ApiError(await sentenceOf(reply), reply.status);
    return reply;
  }
}

async function sentenceOf(reply) {
  const body = await reply.json().catch(() => ({}));
  return body.error ?? body.detail ?? `${reply.status} ${reply.statusText}`;
}
