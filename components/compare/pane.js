// One column: a model, its branch of the talk, and what can be done with both.

const ordinal = (rank) => `${rank}${{ 1: "st", 2: "nd", 3: "rd" }[rank > 20 ? rank % 10 : rank] ?? "th"}`;

const waitingQuestion = ({ id, text, held }) =>
  h("div", { class: "waiting-one" }, icon("schedule"), h("span", { class: "name", title: text }, text), held ? h("span", { class: "held", title: held }, held) : null,
    ...(id ? [tool("edit", "Edit waiting question", "edit-waiting", { "data-waiting": id }), tool("close", "Drop waiting question", "drop-waiting", { "data-waiting": id })] : []));

class Pane {
  constructor(board, id) {
    this.board = board;
    this.id = id;
    this.articles = new Map();
    this.drawn = 0;
    this.seen = true;
    this.messages = h("div", { class: "messages" });
    this.earlier = h("div", { class: "earlier", hidden: true }, word("Show earlier messages", "earlier"));
    this.flow = h("div", { class: "flow", tabindex: "0" }, this.earlier, this.messages);
    this.waits = h("div", { class: "waits", role: "group", "aria-label": "Questions that wait" });
    this.head = h("header", { class: "head" });
    this.figures = h("footer", { class: "figures" });
    this.element = h("section", { class: "pane", "data-pane": id }, this.head, this.flow, this.waits, this.figures);
    this.element.pane = this;
    this.watch = new ResizeObserver(() => this.sticking && this.toEnd());
    this.watch.observe(this.messages);
  }

  close() {
    this.watch.disconnect();
    for (const id of this.articles.keys()) this.board.forget(id);
    this.element.remove();
  }

  // ---- the head

  update(view) {
    this.view = view;
    this.drawWaiting();
    const said = JSON.stringify([{ ...view, messages: null }, this.place, this.rank]);
    if (said !== this.said) steady(this.head, () => this.drawHead());
    this.said = said;
  }

  get place() {
    return [...this.board.panes.values()].indexOf(this) + 1;
  }

  get name() {
    return this.view.label;
  }

  get busy() {
    return [...this.articles.values()].some((article) => article.classList.contains("streaming"));
  }

  get last() {
    return [...this.articles.values()].filter((article) => article.view?.role === "assistant").at(-1);
  }

  drawHead() {
    const { label, provider, adjusted, veiled } = this.view;
    const focused = this.head.contains(this.board.shadow.activeElement) && this.board.shadow.activeElement.dataset.act;
    const sign = this.rank ? h("span", { class: "sign rank", title: `Rank ${this.rank}` }, ordinal(this.rank)) : h("span", { class: "sign", "aria-hidden": "true" }, this.view.letter || this.place);
    const name = h("button", { type: "button", class: "model", "data-act": "other-model", disabled: veiled || this.view.local, "aria-haspopup": "menu", title: veiled ? "The name is shown after the vote" : `${[label, provider].filter(Boolean).join(", ")}: use another model` },
      h("span", { class: "name" }, label), provider && !veiled ? h("span", { class: "provider" }, provider) : null, veiled ? null : icon("expand_more"));
    const tune = adjusted && !veiled ? tool("tune", `Adjusted: ${adjusted}`, "adjust") : null;
    this.head.replaceChildren(...[sign, name, h("span", { class: "spacer" }), tune,
      tool("stop_circle", "Stop this answer", "stop-pane", { class: "tool stop" }),
      tool("more_horiz", `Actions of ${label}`, "menu", { "aria-haspopup": "menu", "aria-expanded": "false", disabled: this.view.local })].filter(Boolean));
    this.element.setAttribute("aria-label", `Column ${this.place}: ${label}`);
    this.flow.setAttribute("aria-label", `Answers of ${label}`);
    if (focused) this.head.querySelector(`[data-act="${focused}"]`)?.focus({ preventScroll: true });
    this.mark();
  }

  setRank(rank) {
    if (rank === this.rank) return;
    this.rank = rank;
    steady(this.head, () => this.drawHead());
  }

  // Whether an answer is being written here, else how the newest one was made.
  mark() {
    const { busy, last } = this;
    this.element.classList.toggle("busy", busy);
    const now = busy ? "busy" : `${last?.view.id} ${last?.revision} ${this.view.veiled}`;
    if (now === this.marked) return;
    this.marked = now;
    if (busy) this.figures.replaceChildren(h("span", { class: "facts" }, "Writing"));
    else if (last) this.figures.replaceChildren(...footParts(last.view, this.board));
    else this.figures.replaceChildren();
  }

  menu() {
    const { veiled } = this.view;
    const others = this.board.panes.size > 1;
    const answered = this.last && !this.busy;
    return [
      ...(this.last ? [{ icon: "refresh", label: "Answer again", act: "retry" }] : []),
      ...(veiled ? [] : [{ icon: "swap_horiz", label: "Use another model", act: "other-model" }, { icon: "tune", label: "Adjust parameters", act: "adjust" }]),
      ...(answered ? ["-", { icon: "content_copy", label: "Copy the answer", act: "copy-last" }] : []),
      ...(answered && others ? [{ icon: "difference", label: "Compare text with", act: "difference" }] : []),
      ...(answered && !veiled ? [{ icon: "forum", label: "Continue in chat", act: "continue-with" }] : []),
      ...(answered && !veiled ? [{ icon: "dataset", label: "Add to prompt set", act: "add-to-set" }] : []),
      ...(answered && !veiled ? [{ icon: "timeline", label: "Show trace", act: "trace" }] : []),
      ...(others ? ["-", { icon: "close", label: "Remove column", act: "remove", danger: true }] : []),
    ];
  }

  // ---- the messages

  reconcile(views) {
    this.adopt(views);
    const before = this.articles.size && !this.articles.has(views[0]?.id) ? this.anchor() : null;
    this.earlier.hidden = !this.view.earlier;
    this.earlier.firstElementChild.disabled = false;
    const wanted = new Set(views.map((view) => view.id));
    for (const [id, article] of this.articles) {
      if (wanted.has(id) || article.view?.local) continue;
      article.remove();
      this.articles.delete(id);
      this.board.forget(id);
    }
    let turn = null;
    let at = 0;
    for (const view of views) {
      if (view.role === "user" || !turn) turn = this.turn(at++);
      const article = this.article(view);
      if (article.revision !== view.revision && !this.board.overtakes(article, view)) drawMessage(article, view, this.board);
      if (article.parentElement !== turn) turn.append(article);
    }
    for (const empty of [...this.messages.children].filter((one) => !one.childElementCount)) empty.remove();
    this.keepAnchor(before);
    this.mark();
  }

  // Questions that go out when the answer above them has ended; until then they can be taken back.
  drawWaiting() {
    const rows = [...(this.view.waiting ?? []), ...(this.later ? [this.later] : [])];
    const said = JSON.stringify(rows);
    if (said === this.saidWaiting) return;
    this.saidWaiting = said;
    steady(this.waits, () => this.waits.replaceChildren(...rows.map(waitingQuestion)));
  }

  turn(at) {
    while (this.messages.children.length <= at) this.messages.append(h("div", { class: "turn" }));
    return this.messages.children[at];
  }

  article(view) {
    const known = this.articles.get(view.id);
    if (known) return known;
    const article = makeMessage(view.id, view.role);
    if (view.status === "streaming") article.classList.add("waiting");
    this.put(view.id, article);
    return article;
  }

  put(id, article) {
    article.pane = this;
    this.articles.set(id, article);
    if (!article.classList.contains("user")) this.board.articles.set(id, article);
  }

  // What was just sent stands here before the hub has answered.
  sending({ local, text, files }) {
    if (this.busy) return (this.later = { local, text }), this.drawWaiting();
    const blank = { status: "done", siblings: [], index: 0, files: [], images: [], tools: [], sources: [], notices: [], facts: [], local: true, html: "", revision: local };
    const turn = h("div", { class: "turn" });
    this.messages.append(turn);
    const [asked, answer] = [["user", { text, files }], ["assistant", { text: "", status: "streaming" }]].map(([role, more]) => {
      const id = `${local}-${role}-${this.id}`;
      const article = makeMessage(id, role);
      drawMessage(article, { ...blank, id, role, ...more }, this.board);
      this.put(id, article);
      turn.append(article);
      return article;
    });
    answer.classList.add("waiting");
    this.fresh = { local, asked, answer, turn, run: null };
    this.mark();
    this.toTurn(turn);
  }

  // The id under which the answer is drawn until the page knows its own; null when the question waits for its turn.
  accepted(local, run) {
    const text = this.later?.text ?? this.fresh?.asked.view.text;
    if ((this.later ?? this.fresh)?.local !== local) return null;
    if (!run) return (this.view = { ...this.view, waiting: [...(this.view.waiting ?? []), { text }] }), this.refused(local), null;
    if (this.later) return this.refused(local), null;
    this.fresh.run = run;
    return this.fresh.answer.view.id;
  }

  // The page has drawn what was just sent: it takes the place of nothing, what stands here gets its names.
  adopt(views) {
    const at = this.fresh?.run ? views.findIndex((view) => view.role === "assistant" && view.run === this.fresh.run) : -1;
    if (at < 0) return;
    const { asked, answer } = this.fresh;
    for (const [article, view] of [[asked, views[at - 1]], [answer, views[at]]]) {
      this.articles.delete(article.view.id);
      this.board.forget(article.view.id);
      if (!view || this.articles.has(view.id)) article.remove();
      else this.put(view.id, Object.assign(article, { view: { ...article.view, id: view.id, local: false } }));
    }
    this.fresh = null;
  }

  refused(local) {
    if (this.later?.local === local) this.later = null;
    this.drawWaiting();
    if (this.fresh?.local !== local) return;
    for (const article of [this.fresh.asked, this.fresh.answer]) {
      this.articles.delete(article.view.id);
      this.board.forget(article.view.id);
    }
    this.fresh.turn.remove();
    this.fresh = null;
    this.mark();
  }

  // ---- where the reader is

  // The newest question stands at the upper edge and stays there while the answer grows.
  toTurn(turn = this.messages.lastElementChild) {
    this.sticking = false;
    if (turn) this.flow.scrollTop = turn.offsetTop;
  }

  // The first message that is seen, so that messages put above it do not push it away.
  anchor() {
    const top = this.flow.getBoundingClientRect().top;
    const article = [...this.messages.querySelectorAll("article")].find((one) => one.getBoundingClientRect().bottom > top);
    return article ? { article, at: article.getBoundingClientRect().top } : null;
  }

  keepAnchor(before) {
    if (before?.article.isConnected) this.flow.scrollTop += before.article.getBoundingClientRect().top - before.at;
  }

  toEnd() {
    this.flow.scrollTop = this.flow.scrollHeight;
  }
}
