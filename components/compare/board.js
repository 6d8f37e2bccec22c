// The board: a column for each model, all fed by one stream; below it the votes and the merges. Before there is a
// comparison the lineup stands in its place.

class Board extends Following {
  constructor(shadow) {
    super();
    this.shadow = shadow;
    this.root = shadow.querySelector(".root");
    this.parts = Object.fromEntries(["setup", "stage", "bar", "title", "tabs", "board", "votes", "merges", "sync"].map((name) => [name, this.root.querySelector(`.${name}`)]));
    this.panes = new Map();
    this.articles = new Map();
    this.place = null;
    this.actions = new PaneActions(this);
    this.scrolling = new Scrolling(this);
    this.setup = new Setup(this);
    this.votes = new Votes(this);
    this.merges = new Merges(this);
    this.listen();
  }

  listen() {
    this.stop = new AbortController();
    const on = (target, name, act, options = {}) => target.addEventListener(name, act, { signal: this.stop.signal, ...options });
    on(window, "hub:asks", ({ detail }) => this.asks(detail));
    on(window, "hub:sending", ({ detail }) => this.sending(detail));
    on(window, "hub:accepted", ({ detail }) => this.accepted(detail));
    on(window, "hub:refused", ({ detail }) => this.refused(detail));
    on(window, "hub:shift", () => (this.anchors = [...this.panes.values()].map((pane) => [pane, pane.anchor()])));
    on(window, "hub:shifted", () => (this.fit(), this.anchors?.forEach(([pane, before]) => pane.keepAnchor(before))));
    on(window, "hub:offers", ({ detail }) => detail.push(...this.actions.offers()));
    on(document, "keydown", (event) => this.actions.key(event));
    on(document, "visibilitychange", () => document.hidden || this.flush());
    on(window, "resize", () => this.fit());
    this.watch = new ResizeObserver(() => this.fit());
    this.watch.observe(this.parts.board);
    this.findBottom(120);
  }

  // What stands at the lower edge may come some frames later than we do.
  findBottom(frames) {
    const bottom = document.querySelector('[data-testid="stBottom"]');
    if (bottom) this.watch.observe(bottom);
    else if (frames) requestAnimationFrame(() => this.findBottom(frames - 1));
  }

  close() {
    this.stop.abort();
    this.watch.disconnect();
    this.scrolling.close();
    this.change(null);
  }

  // ---- what Python says

  update({ data, setTriggerValue }) {
    const first = this.data === undefined;
    this.data = data;
    this.trigger = (value) => setTriggerValue("action", value);
    if (data.place !== this.place && data.place !== this.alias) this.change(data.place);
    if (data.comparison && this.alias === data.comparison) this.place = this.alias;
    this.parts.title.textContent = data.title;
    this.setBlind(data.veiled);
    this.reconcile(data.panes);
    this.merges.update(data.merges);
    this.follow(data.live);
    this.votes.update(data.vote);
    this.setup.update(data.setup);
    this.draw();
    if (first) for (const pane of this.panes.values()) pane.toTurn();
    document.documentElement.style.setProperty("--hub-page", themeOf(this.root).background);
  }

  setBlind(blind) {
    this.root.querySelector(".blind").hidden = !blind;
    this.root.querySelector('[data-act="add-pane"]').hidden = blind;
  }

  // Another comparison: everything of the last one goes, its runs go on without us.
  change(place) {
    this.runs.forEach((run) => run.close());
    this.runs.clear();
    this.stream?.close();
    this.stream = null;
    this.panes.forEach((pane) => pane.close());
    this.panes.clear();
    this.articles.clear();
    this.merges.clear();
    this.votes.clear();
    Object.assign(this, { place, alias: null, local: null, room: null });
  }

  reconcile(views) {
    if (!this.data.comparison) return;
    const wanted = new Set(views.map((view) => view.id));
    for (const [id, pane] of this.panes) {
      if (wanted.has(id)) continue;
      pane.close();
      this.panes.delete(id);
    }
    const known = this.panes;
    this.panes = new Map(views.map((view) => [view.id, known.get(view.id) ?? this.open(view.id)]));
    let previous = null;
    for (const view of views) {
      const pane = this.panes.get(view.id);
      const next = previous ? previous.element.nextSibling : this.parts.board.firstChild;
      if (next !== pane.element) this.parts.board.insertBefore(pane.element, next);
      previous = pane;
      pane.update(view);
      pane.reconcile(view.messages);
    }
  }

  open(id) {
    const pane = new Pane(this, id);
    this.scrolling.seen.observe(pane.element);
    return pane;
  }

  draw() {
    const working = this.panes.size > 0;
    this.parts.setup.hidden = working;
    this.parts.stage.hidden = !working;
    this.parts.board.style.setProperty("--panes", this.panes.size);
    this.scrolling.draw();
    this.votes.draw();
    this.fit();
  }

  // The board takes what the window has left.
  fit() {
    if (this.parts.stage.hidden) return;
    const bottom = document.querySelector('[data-testid="stBottom"]')?.offsetHeight ?? 0;
    const scroller = document.querySelector('[data-testid="stMain"]') ?? document.scrollingElement;
    const top = this.parts.board.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    const room = Math.max(280, scroller.clientHeight - top - bottom - this.parts.votes.offsetHeight - 12);
    if (room !== this.room) this.parts.board.style.height = `${(this.room = room)}px`;
    this.scrolling.draw();
  }

  // ---- what the composer says

  get home() {
    return this.data.comparison ?? this.alias;
  }

  mine(place) {
    return place === this.place || place === this.alias;
  }

  asks(asks) {
    if (!this.mine(asks.message.place)) return;
    const { text, files, whom } = asks.message;
    const said = { text, files: files.map(({ id }) => id) };
    if (!this.home) return this.setup.asks(asks, said);
    asks.address = `/api/comparisons/${this.home}/turns`;
    asks.body = whom.length ? { ...said, panes: whom } : said;
  }

  chosen(whom = []) {
    return [...this.panes.values()].filter((pane) => !whom.length || whom.includes(pane.id));
  }

  sending(message) {
    if (!this.mine(message.place)) return;
    if (!this.home) this.begin();
    this.local = message.local;
    this.chosen(message.whom).forEach((pane) => pane.sending(message));
    this.draw();
  }

  // The lineup becomes columns at once; they get their ids when the hub has answered.
  begin() {
    this.setBlind(this.setup.draft.blind);
    this.setup.views().forEach((view) => {
      const pane = this.open(view.id);
      this.panes.set(view.id, pane);
      this.parts.board.append(pane.element);
      pane.update(view);
    });
  }

  accepted({ local, run, comparison, panes, waiting = [] }) {
    if (local !== this.local) return;
    if (!this.home) {
      this.alias = comparison;
      this.rename(panes);
    }
    const answers = panes.map((id) => this.panes.get(id)?.accepted(local, run) ?? "");
    for (const id of waiting) this.panes.get(id)?.accepted(local, null);
    if (run) this.hear(run, answers);
    this.connect();
    this.draw();
    this.say("Answering");
  }

  // The columns get the ids that the hub gave to them, in their order.
  rename(ids) {
    const drafts = [...this.panes.values()];
    this.panes = new Map(ids.map((id, at) => [id, Object.assign(drafts[at], { id })]));
    for (const [id, pane] of this.panes) pane.element.dataset.pane = id;
  }

  refused({ local }) {
    if (local !== this.local) return;
    this.panes.forEach((pane) => pane.refused(local));
    this.local = null;
    if (!this.home) {
      this.panes.forEach((pane) => pane.close());
      this.panes.clear();
    }
    this.draw();
  }

  say(text) {
    this.root.querySelector(".announcement").textContent = text;
  }

  setLost(lost) {
    this.root.querySelector(".lost").hidden = !lost;
  }
}

const boards = new WeakMap();

export default function (component) {
  const { parentElement } = component;
  let board = boards.get(parentElement);
  if (!board || !board.root.isConnected) {
    board?.close();
    board = new Board(parentElement);
    boards.set(parentElement, board);
  }
  board.update(component);
  return () => {
    // A call that a newer one overtook while this file loaded is cleaned up too, with the page still standing.
    if (board.root.isConnected) return;
    board.close();
    boards.delete(parentElement);
  };
}
