// The grid of one run. `data` is what does not change: {run, columns, baselines, baseline, open}. Everything else is fetched here,
// every second while the run goes on, so that the page does not run again. Sends one trigger, "event": {do, ...}.

const WATCHED = 64;
const LOWEST = 420;
const BELOW = 52; // what the page keeps free below
const STEPS = { running: 1000, paused: 5000, capped: 5000 };

class Grid {
  constructor(component) {
    this.shadow = component.parentElement;
    this.root = this.shadow.querySelector(".root");
    this.data = component.data;
    this.wire = new Wire(this.data.run);
    this.baseline = this.data.baseline;
    this.total = null;
    this.page = null;
    this.problem = h("p", { class: "notice bad", role: "alert", hidden: true });
    this.progress = new ProgressBar(this);
    this.filters = new Filters(this);
    this.head = new Head(this);
    this.rows = new Rows(this);
    this.none = h("div", { class: "none", hidden: true });
    const columns = this.data.columns.map(() => h("col", { class: "model" }));
    this.table = h("table", {}, h("colgroup", {}, h("col", { class: "first" }), ...columns), this.head.element, this.rows.element);
    this.table.style.setProperty("--columns", columns.length);
    this.frame = h("div", { class: "frame", tabindex: "0", role: "region", "aria-label": "Results" }, this.table, this.none);
    this.root.replaceChildren(this.progress.element, this.problem, this.filters.element, this.frame);
    this.panel = new CellPanel(this);
    this.filters.follow();
    this.frame.onscroll = () => (clearTimeout(this.scrolled), (this.scrolled = setTimeout(() => this.watch(), 150)));
    this.stop = new AbortController();
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.progress.element);
    this.sizes.observe(this.filters.element);
    window.addEventListener("resize", () => this.fit(), { signal: this.stop.signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.tick(), { signal: this.stop.signal });
    this.tick();
  }

  // The table takes the height that the page has left.
  fit() {
    const scrolled = document.querySelector('[data-testid="stMain"]')?.scrollTop ?? 0;
    const top = this.frame.getBoundingClientRect().top + scrolled;
    this.frame.style.height = `${Math.max(LOWEST, Math.floor(window.innerHeight - top - BELOW))}px`;
  }

  update({ data, setTriggerValue }) {
    this.send = (event) => setTriggerValue("event", event);
    if (JSON.stringify(data.baselines) !== JSON.stringify(this.data.baselines)) this.filters.offer(data.baselines, this.baseline);
    this.data = data;
    if (data.stamp !== this.stamp && this.stamp !== undefined) this.tick();
    this.stamp = data.stamp;
  }

  // Once around: how far it is, the rows in sight, and again in a while. One at a time; a later wish starts it anew.
  async tick() {
    clearTimeout(this.timer);
    if (this.ticking) return void (this.again = true);
    this.ticking = true;
    try {
      await this.sum();
      if (!this.page || this.page.unfinished || this.stale) await this.load();
      this.say("");
    } catch (error) {
      this.say(`${error.message} ${error.hint ?? ""} The run goes on without this page.`);
      this.failed = true;
    }
    this.ticking = false;
    const wait = this.again ? 0 : this.failed ? 3000 : STEPS[this.status];
    this.again = this.failed = false;
    if (wait !== undefined && !this.stop.signal.aborted && !document.hidden) this.timer = setTimeout(() => this.tick(), wait);
  }

  async sum() {
    const found = await this.wire.summary(this.baseline);
    const before = this.status;
    this.status = found.progress.status;
    this.stale = before !== undefined && before !== this.status;
    steady(this.progress.element, () => {
      this.progress.draw(found.progress);
      this.progress.weigh(found.judges);
    });
    this.head.draw(found.columns);
    this.streaming();
  }

  async load({ top = false } = {}) {
    this.frame.classList.toggle("loading", top);
    let found;
    try {
      found = await this.wire.rows(this.filters.wanted);
    } catch (error) {
      this.frame.classList.remove("loading");
      if (!top) throw error;
      return this.say(`${error.message} ${error.hint ?? ""}`);
    }
    if (!found) return;
    this.frame.classList.remove("loading");
    const cells = found.rows.flatMap((row) => row.cells.flat());
    this.page = { rows: found.rows, unfinished: cells.some((cell) => cell.status === "queued") };
    this.filters.draw(found);
    steady(this.frame, () => this.drawRows(found, top));
  }

  drawRows(found, top) {
    this.rows.draw(found.rows);
    this.nothing(found);
    if (top) this.frame.scrollTop = 0;
    if (this.panel.index !== null) this.opened(this.panel.index);
    this.watch();
  }

  nothing({ total }) {
    this.none.hidden = total > 0;
    if (total) return;
    const clear = word("Show all rows", "clear");
    clear.onclick = () => this.filters.clear();
    const filtered = this.filters.only || this.filters.words;
    this.none.replaceChildren(icon("search_off"), h("b", {}, filtered ? "No row matches" : "No rows"), h("p", {}, filtered ? "Nothing is hidden for good: the other rows come back without the filter." : "This run has no rows."), filtered ? clear : "");
  }

  // Which unfinished cells are in sight: these stream.
  async watch() {
    const seen = this.status === "running" ? this.rows.unfinished(this.frame, WATCHED) : [];
    const key = seen.join();
    const now = performance.now();
    if (!seen.length || (key === this.watched && now - this.told < 3000)) return;
    this.watched = key;
    this.told = now;
    await this.wire.watch(seen).catch((error) => this.say(error.message));
  }

  streaming() {
    if (this.status !== "running" || this.flowing || document.hidden) return;
    this.flowing = setInterval(() => this.flow(), 300);
  }

  async flow() {
    if (this.status !== "running" || document.hidden || !this.root.isConnected) {
      clearInterval(this.flowing);
      this.flowing = null;
      return;
    }
    if (this.asking || !this.rows.unfinished(this.frame, 1).length) return;
    this.asking = true;
    try {
      this.rows.live(await this.wire.live());
    } catch {
      // The next tick says that the hub does not answer.
    }
    this.asking = false;
  }

  say(text) {
    this.problem.hidden = !text;
    if (text) this.problem.replaceChildren(icon("cloud_off"), h("span", {}, text));
  }

  async act(act, button) {
    button.disabled = true;
    try {
      await this.wire.act(act);
      await this.tick();
    } catch (error) {
      this.say(`${error.message} ${error.hint ?? ""}`);
    }
    button.disabled = false;
  }

  download(form) {
    const link = h("a", { href: this.wire.file(form), download: "" });
    this.root.append(link);
    link.click();
    link.remove();
  }

  compareWith(baseline) {
    this.baseline = baseline;
    this.filters.first = 0;
    this.filters.follow();
    this.page = null;
    this.send({ do: "baseline", baseline });
    this.tick();
  }

  open(index, opener) {
    this.panel.open_(index, opener ?? this.rows.find(index));
    this.opened(index);
  }

  opened(index) {
    for (const box of this.root.querySelectorAll(".cell.open-now")) box.classList.remove("open-now");
    if (index !== null) this.rows.find(index)?.classList.add("open-now");
  }

  step(by) {
    const box = this.rows.find(this.panel.index);
    const next = box && this.rows.beside(box.closest("td").firstChild, by, 0);
    if (!next) return;
    next.scrollIntoView({ block: "nearest" });
    this.open(Number(next.dataset.index), next);
  }

  async marked(index) {
    await this.load();
    await this.sum();
    if (this.panel.index === index) await this.panel.open_(index);
  }

  leave() {
    this.stop.abort();
    clearTimeout(this.timer);
    clearInterval(this.flowing);
    this.sizes.disconnect();
    this.panel.leave();
  }
}

const grids = new WeakMap();

export default function (component) {
  const { parentElement } = component;
  let grid = grids.get(parentElement);
  if (!grid || !grid.root.isConnected || grid.data.run !== component.data.run) {
    grid?.leave();
    grid = new Grid(component);
    grids.set(parentElement, grid);
  }
  grid.update(component);
  return () => {
    if (grid.root.isConnected) return;
    grid.leave();
    grids.delete(parentElement);
  };
}
