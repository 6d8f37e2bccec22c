// The transcript: messages by id, the live ones fed by their runs, the reader's place in the page kept.

class Transcript {
  constructor(shadow) {
    this.shadow = shadow;
    this.root = shadow.querySelector(".root");
    this.list = this.root.querySelector(".messages");
    this.articles = new Map();
    this.runs = new Map();
    this.ended = new Map();
    this.place = null;
    this.sticking = true;
    this.actions = new Actions(this);
    this.listen();
  }

  listen() {
    this.stop = new AbortController();
    const on = (target, name, act, options = {}) => target.addEventListener(name, act, { signal: this.stop.signal, ...options });
    on(window, "hub:sending", ({ detail }) => this.sending(detail));
    on(window, "hub:accepted", ({ detail }) => this.accepted(detail));
    on(window, "hub:refused", ({ detail }) => this.refused(detail));
    on(window, "hub:offers", ({ detail }) => detail.push(...this.actions.offers()));
    on(window, "hub:shift", () => (this.before = this.anchor()));
    on(window, "hub:shifted", () => (this.keepAnchor(this.before), this.sticking && this.toBottom()));
    on(document, "keydown", (event) => this.actions.key(event), { capture: true });
    on(document, "visibilitychange", () => document.hidden || [...this.runs.values()].forEach((run) => run.flush()));
    this.scroller = this.findScroller();
    on(this.scroller, "scroll", () => this.scrolled(), { passive: true });
    on(this.scroller, "wheel", (event) => event.deltaY < 0 && this.release(), { passive: true });
    this.watch = new ResizeObserver(() => this.resized());
    this.watch.observe(this.list);
    const bottom = document.querySelector('[data-testid="stBottom"]');
    if (bottom) this.watch.observe(bottom);
  }

  close() {
    this.stop.abort();
    this.watch.disconnect();
    this.runs.forEach((run) => run.close());
    this.runs.clear();
  }

  // ---- what Python says

  update({ data, setTriggerValue }) {
    const first = this.data === undefined;
    this.data = data;
    this.trigger = (value) => setTriggerValue("action", value);
    if (data.place !== this.place && data.place !== this.alias) this.change(data.place);
    if (data.conversation && this.alias === data.conversation) this.place = this.alias;
    const goes = this.goesTo(data.at);
    const before = this.anchor();
    this.reconcile(data.messages);
    this.follow(data.live);
    this.drawRest();
    this.keepAnchor(before);
    this.redrawDiagrams();
    if (goes === "message") this.show(data.at.message);
    else if (first || goes === "end") this.toBottom();
  }

  // Where this drawing leads: to the message that was asked for, to the end after one, or nowhere.
  goesTo(at) {
    const visit = at ? `${at.message} ${at.visit}` : "";
    const before = this.visit ?? "";
    this.visit = visit;
    if (visit === before) return null;
    return visit ? "message" : "end";
  }

  // Brings a message into sight and marks it for a moment.
  show(id) {
    const article = this.articles.get(id);
    if (!article) return;
    this.sticking = false;
    const reach = () => {
      const tall = article.offsetHeight > this.scroller.clientHeight * 0.7;
      article.scrollIntoView({ block: tall ? "start" : "center", behavior: "instant" });
    };
    reach();
    requestAnimationFrame(() => article.isConnected && reach());
    this.list.querySelector(".sought")?.classList.remove("sought");
    article.classList.add("sought");
    article.addEventListener("animationend", (event) => event.target === article && article.classList.remove("sought"));
    this.say("Message found");
  }

  // Another conversation, or a new one: everything of the last one goes, its runs go on without us.
  change(place) {
    this.runs.forEach((run) => run.close());
    this.runs.clear();
    this.articles.clear();
    this.list.replaceChildren();
    this.place = place;
    this.alias = null;
    this.sticking = true;
  }

  reconcile(views) {
    const wanted = new Set(views.map((view) => view.id));
    for (const [id, article] of this.articles) {
      if (wanted.has(id) || article.view?.local || this.isLive(id)) continue;
      const focused = article.contains(this.shadow.activeElement);
      article.remove();
      this.articles.delete(id);
      if (focused) this.focus(article);
    }
    let previous = null;
    for (const view of views) {
      let article = this.articles.get(view.id);
      if (!article) {
        article = makeMessage(view.id, view.role);
        this.articles.set(view.id, article);
        if (view.status === "streaming") article.classList.add("waiting");
      }
      if (article.revision !== view.revision) drawMessage(article, view, this);
      const next = previous ? previous.nextSibling : this.list.firstChild;
      if (next !== article) this.list.insertBefore(article, next);
      previous = article;
    }
  }

  // An answer that was just accepted and that Python has not told about yet.
  isLive(id) {
    return [...this.runs.values()].some((run) => !run.ended && run.fresh && run.answers.includes(id));
  }

  follow(live) {
    for (const { run, answers } of live) {
      const known = this.runs.get(run);
      if (known && !known.ended) known.fresh = false;
      else if (this.ended.has(run)) this.askAgain(run);
      else this.hear(run, answers);
    }
    tell("hub:running", { runs: [...this.runs.values()].filter((run) => !run.ended).map((run) => run.run) });
  }

  hear(run, answers) {
    const live = new LiveRun(run, answers, 0, this);
    live.stream = new Stream([run], `/api/runs/${run}/events?from=1&render=1`, {
      take: (event) => live.take(event),
      gone: () => live.end(),
      setLost: (lost) => this.setLost(lost),
    });
    this.runs.set(run, live);
    return live;
  }

  // Every message that is written is in sight, or near.
  waits() {
    return false;
  }

  // The run has ended here but the page still calls it running: its last write was under way. Ask a few times more.
  askAgain(run) {
    const times = this.ended.get(run);
    if (times > 8) return;
    this.ended.set(run, times + 1);
    setTimeout(() => this.trigger({ kind: "finished", run }), 150 * 2 ** times);
  }

  finished(run) {
    const ended = this.runs.get(run);
    this.runs.delete(run);
    this.ended.set(run, 0);
    for (const id of ended.answers) this.articles.get(id)?.classList.remove("streaming", "waiting");
    tell("hub:running", { runs: [...this.runs.keys()] });
    this.say("Answer complete");
    // A page that does not know the conversation yet is about to be told by the composer, and draws the end then.
    if (this.data.conversation) this.trigger({ kind: "finished", run });
  }

  // ---- what the composer says

  sending({ local, text, files, model, place }) {
    if (place !== this.place && place !== this.alias) return;
    const blank = { status: "done", siblings: [], index: 0, files: [], images: [], tools: [], sources: [], notices: [], facts: [], local: true, html: "", revision: local };
    const asked = makeMessage(local, "user");
    const answer = makeMessage(`${local}-answer`, "assistant");
    drawMessage(asked, { ...blank, id: local, role: "user", text, files }, this);
    drawMessage(answer, { ...blank, id: `${local}-answer`, role: "assistant", text: "", status: "streaming", facts: model ? [{ text: model }] : [] }, this);
    answer.classList.add("waiting");
    this.articles.set(local, asked);
    this.articles.set(`${local}-answer`, answer);
    this.list.append(asked, answer);
    this.drawRest();
    this.toBottom();
  }

  accepted({ local, run, conversation, message, answers }) {
    const asked = this.articles.get(local);
    const answer = this.articles.get(`${local}-answer`);
    if (!asked) return;
    if (!this.data.conversation) this.alias = conversation;
    this.rename(asked, local, message);
    this.rename(answer, `${local}-answer`, answers[0]);
    this.hear(run, answers).fresh = true;
    tell("hub:running", { runs: [...this.runs.keys()] });
    this.say("Answering");
  }

  rename(article, from, to) {
    this.articles.delete(from);
    // The page may have drawn the message before this word came.
    this.articles.get(to)?.remove();
    this.articles.set(to, article);
    article.dataset.id = to;
    article.view = { ...article.view, id: to };
  }

  refused({ local }) {
    for (const id of [local, `${local}-answer`]) {
      this.articles.get(id)?.remove();
      this.articles.delete(id);
    }
    this.drawRest();
  }

  // ---- the rest of the page

  drawRest() {
    const { earlier, empty } = this.data;
    const top = this.root.querySelector(".earlier");
    top.hidden = !earlier;
    top.firstElementChild.disabled = false;
    this.root.querySelector(".later").hidden = !this.data.later;
    const welcome = this.root.querySelector(".welcome");
    welcome.hidden = this.articles.size > 0 || !empty;
    if (welcome.hidden || welcome.drawn === JSON.stringify(empty)) return;
    welcome.drawn = JSON.stringify(empty);
    const face = empty.face && h("span", { class: "face", "aria-hidden": "true", style: `background: ${empty.face.colour}` }, empty.face.sign);
    welcome.replaceChildren(face || "", h("h1", {}, empty.title), empty.text ? h("p", {}, empty.text) : "",
      h("div", { class: "starters" }, ...empty.starters.map(({ title, text }) => h("button", { type: "button", class: "starter", "data-act": "starter", "data-text": text }, title ? h("span", { class: "name" }, title) : "", h("span", { class: "text" }, text)))));
  }

  redrawDiagrams() {
    const background = themeOf(this.root).background;
    if (this.background && this.background !== background)
      for (const figure of this.list.querySelectorAll("figure.diagram")) drawDiagram(figure, this.data.mermaid, this.root);
    this.background = background;
    // Streamlit gives its colours to components only; the sticky row above the chat needs the page's.
    document.documentElement.style.setProperty("--hub-page", background);
  }

  // To the menu of a message, or to where one writes when the message is gone.
  focus(article) {
    const menu = article.isConnected && article.querySelector('[data-act="menu"]');
    if (menu) menu.focus({ preventScroll: true });
    else tell("hub:focus");
  }

  say(text) {
    this.root.querySelector(".announcement").textContent = text;
  }

  setLost(lost) {
    this.root.querySelector(".lost").hidden = !lost;
  }

  // ---- where the reader is

  findScroller() {
    for (let node = this.shadow.host; node; node = node.parentElement ?? node.getRootNode().host) {
      if (/(auto|scroll)/.test(getComputedStyle(node).overflowY)) return node;
    }
    return document.scrollingElement;
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.sticking = scrollHeight - scrollTop - clientHeight < 64;
    this.root.querySelector(".jump").classList.toggle("shown", !this.sticking || this.data.later);
  }

  release() {
    if (this.scroller.scrollTop > 0) this.sticking = false;
  }

  resized() {
    const bottom = document.querySelector('[data-testid="stBottom"]');
    this.root.style.setProperty("--composer", `${bottom?.offsetHeight ?? 0}px`);
    if (this.sticking) this.toBottom();
    else this.scrolled();
  }

  toBottom(smooth = false) {
    this.sticking = true;
    const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !quiet ? "smooth" : "instant" });
    this.root.querySelector(".jump").classList.remove("shown");
  }

  askEarlier(button) {
    button.disabled = true;
    this.trigger({ kind: "earlier" });
  }

  // The first message that is seen, so that messages put above it do not push it away.
  anchor() {
    if (this.sticking) return null;
    const top = this.scroller.getBoundingClientRect().top;
    const article = [...this.list.children].find((child) => child.getBoundingClientRect().bottom > top);
    return article ? { article, top: article.getBoundingClientRect().top } : null;
  }

  keepAnchor(before) {
    if (!before?.article.isConnected) return;
    const moved = before.article.getBoundingClientRect().top - before.top;
    if (moved) this.scroller.scrollTop += moved;
  }
}

const transcripts = new WeakMap();

export default function (component) {
  const { parentElement } = component;
  let transcript = transcripts.get(parentElement);
  if (!transcript || !transcript.root.isConnected) {
    transcript?.close();
    transcript = new Transcript(parentElement);
    transcripts.set(parentElement, transcript);
  }
  transcript.update(component);
  return () => {
    // A call that a newer one overtook while this file loaded is cleaned up too, with the page still standing.
    if (transcript.root.isConnected) return;
    transcript.close();
    transcripts.delete(parentElement);
  };
}
