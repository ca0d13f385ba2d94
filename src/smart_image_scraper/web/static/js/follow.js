// Requests that follow what a person does: one in flight, never a queue.

const AT_MOST_EVERY_MS = 300;

/** Runs a job for the newest wish: while one runs, any number of wishes become one further run. */
export class Follower {
  #job;
  #failed;
  #again = false;
  running = null; // a promise of when no wish is left; null where there is none

  constructor(job, { failed }) {
    this.#job = job;
    this.#failed = failed;
  }

  ask() {
    this.#again = true;
    this.running ??= this.#run();
    return this.running;
  }

  async #run() {
    while (this.#again) {
      this.#again = false;
      try {
        await this.#job();
      } catch (error) {
        this.#failed(error);
      }
    }
    this.running = null;
  }
}

/** Tells which of the answers of several followers counts: never one to an older wish than the last that did. */
export class Newest {
  wish = 0; // the number of what is wished for now
  #taken = 0;

  change() {
    this.wish += 1;
  }

  takes(wish) {
    if (wish < this.#taken) return false;
    this.#taken = wish;
    return true;
  }
}

/** Lets a job run at most every 300 ms, the last wish always; `now` does not wait. */
export class Pace {
  #job;
  #last = -Infinity;
  #timer = null;

  constructor(job) {
    this.#job = job;
  }

  now() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#last = performance.now();
    this.#job();
  }

  /** Returns whether it runs at once. */
  soon() {
    const wait = this.#last + AT_MOST_EVERY_MS - performance.now();
    if (wait <= 0) this.now();
    else this.#timer ??= setTimeout(() => this.now(), wait);
    return wait <= 0;
  }
}
