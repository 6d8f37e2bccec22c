// The runs that write into the columns of a board, all over one stream.

class Following {
  constructor() {
    this.runs = new Map();
    this.ended = new Map();
  }

  follow(live) {
    for (const { run, answers } of live) {
      const known = this.runs.get(run);
      if (known && !known.ended) known.answers = answers;
      else if (this.ended.has(run)) this.askAgain(run);
      else this.hear(run, answers);
    }
    this.connect();
  }

  hear(run, answers) {
    const live = new LiveRun(run, answers, 0, this);
    this.runs.set(run, live);
    return live;
  }

  // One stream for all runs; a run that comes later joins by opening it anew, from where everything is known.
  connect() {
    const wanted = [...this.runs.keys()];
    tell("hub:running", { runs: wanted });
    if (this.stream && wanted.every((run) => this.stream.runs.has(run))) return wanted.length ? undefined : this.disconnect();
    this.disconnect();
    if (!wanted.length) return;
    const query = wanted.map((run) => `run=${encodeURIComponent(run)}`).join("&");
    this.stream = new Stream(wanted, `/api/events?${query}&render=1`, this);
  }

  disconnect() {
    this.stream?.close();
    this.stream = null;
  }

  take(event) {
    const run = this.runs.get(event.run);
    if (!run) return;
    run.take(event);
    if (event.type !== "done") return;
    const article = run.article(event.target);
    if (article) article.over = event.run;
    this.answered(event.run);
  }

  gone(run) {
    this.runs.get(run)?.end();
  }

  // An answer that is done gets its figures while others still write.
  answered(run) {
    this.panes.forEach((pane) => pane.mark());
    this.votes.draw();
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.runs.has(run) && this.data.comparison && this.trigger({ kind: "answered", run }), 400);
  }

  finished(run) {
    const ended = this.runs.get(run);
    this.runs.delete(run);
    this.ended.set(run, 0);
    for (const id of ended.answers) this.articles.get(id)?.classList.remove("streaming", "waiting");
    this.panes.forEach((pane) => pane.mark());
    clearTimeout(this.asking);
    this.connect();
    this.draw();
    if (!this.runs.size) this.say("All answers are complete");
    if (this.data.comparison) this.trigger({ kind: "finished", run });
  }

  // The run has ended here but the page still calls it running: its last write was under way. Ask a few times more.
  askAgain(run) {
    const times = this.ended.get(run);
    if (times > 8) return;
    this.ended.set(run, times + 1);
    setTimeout(() => this.trigger({ kind: "finished", run }), 150 * 2 ** times);
  }

  // What ended here a moment ago is newer than a page that still calls it streaming.
  overtakes(article, view) {
    return view.status === "streaming" && article.over === view.run;
  }

  waits(article, now) {
    const pane = article?.pane;
    if (!pane || pane.seen || pane.drawn === now) return false;
    if (now - pane.drawn < UNSEEN_MS) return true;
    pane.drawn = now;
    return false;
  }

  flush() {
    this.runs.forEach((run) => run.flush());
  }

  forget(id) {
    this.articles.delete(id);
  }
}
