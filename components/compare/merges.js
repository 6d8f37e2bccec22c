// Bringing answers together: what is asked for, and the results beside each other.

const KINDS = [
  { kind: "fuse", label: "Fuse", about: "One answer made of the best of all." },
  { kind: "guided", label: "Guided", about: "First a checklist of what differs; you tick what the answer shall follow." },
  { kind: "table", label: "Table", about: "A table of criteria with scores, and a winner." },
  { kind: "own", label: "Own instruction", about: "The model gets all answers and does what you say." },
];

class Merges {
  constructor(board) {
    this.board = board;
    this.place = board.parts.merges;
    this.cards = new Map();
    this.kind = "fuse";
    this.instruction = "";
    this.shown = false;
    this.form = h("div", { class: "merge-form" });
    this.list = h("div", { class: "results" });
    this.place.append(h("h2", {}, "Merge the answers"), this.form, this.list);
  }

  clear() {
    this.cards.clear();
    this.list.replaceChildren();
    Object.assign(this, { shown: false, said: null });
    this.place.hidden = true;
  }

  show() {
    this.shown = true;
    this.draw();
    const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.place.scrollIntoView({ block: "start", behavior: quiet ? "instant" : "smooth" });
    this.form.querySelector('[aria-checked="true"]').focus({ preventScroll: true });
  }

  // `merges` is {model: {id, label}, items: [{id, kind, title, status, instruction, checklist, message}]}.
  update(merges) {
    this.model = this.picked ?? merges.model;
    const items = merges.items;
    if (items.length > this.cards.size && this.cards.size + this.asked) requestAnimationFrame(() => this.list.lastElementChild?.scrollIntoView({ block: "nearest" }));
    this.asked = 0;
    const wanted = new Set(items.map(({ id }) => id));
    for (const [id, card] of this.cards) {
      if (wanted.has(id)) continue;
      card.remove();
      this.board.forget(id);
      this.cards.delete(id);
    }
    for (const item of items) this.drawOne(item);
    this.shown ||= items.length > 0;
    this.draw();
  }

  draw() {
    this.place.hidden = !this.shown || !this.board.data?.comparison;
    const now = JSON.stringify([this.kind, this.model, this.asked]);
    if (now !== this.said) this.drawForm();
    this.said = now;
  }

  drawForm() {
    const kinds = KINDS.map(({ kind, label }) => {
      const made = h("button", { type: "button", role: "radio", class: "kind", "data-kind": kind, "aria-checked": String(kind === this.kind), tabindex: kind === this.kind ? "0" : "-1" }, label);
      made.onclick = () => this.choose(kind);
      return made;
    });
    const group = h("div", { class: "kinds", role: "radiogroup", "aria-label": "How to merge" }, ...kinds);
    group.onkeydown = (event) => this.key(event);
    const model = h("button", { type: "button", class: "word by", "aria-haspopup": "menu", title: "The model that merges" }, h("span", { class: "name" }, this.model?.label ?? "Choose a model"), icon("expand_more"));
    model.onclick = () => this.board.actions.models(model, (item) => ((this.picked = { id: item.id, label: item.label }), (this.model = this.picked), this.draw()), "Merge with");
    const go = h("button", { type: "button", class: "word primary", disabled: !this.model }, { fuse: "Merge answers", guided: "Find differences", table: "Make table", own: "Merge answers" }[this.kind]);
    go.onclick = () => this.start();
    const field = this.kind === "own" ? h("textarea", { rows: "3", dir: "auto", "aria-label": "Instruction", placeholder: "What to do with the answers, such as: take the code of one and the explanations of the other", maxlength: 8000 }) : null;
    if (field) (field.value = this.instruction), (field.oninput = () => (this.instruction = field.value)), (field.onkeydown = (event) => event.stopPropagation());
    this.form.replaceChildren(h("div", { class: "line" }, group, h("span", { class: "spacer" }), model, go), h("p", { class: "about" }, KINDS.find(({ kind }) => kind === this.kind).about), ...(field ? [field] : []));
  }

  choose(kind) {
    this.kind = kind;
    this.draw();
    this.form.querySelector(kind === "own" ? "textarea" : '[aria-checked="true"]').focus({ preventScroll: true });
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = KINDS.findIndex(({ kind }) => kind === this.kind) + step;
    this.choose(KINDS[(at + KINDS.length) % KINDS.length].kind);
  }

  start() {
    if (this.kind === "own" && !this.instruction.trim()) return this.form.querySelector("textarea").focus();
    this.asked = 1;
    this.board.trigger({ kind: "merge", how: this.kind, model: this.model.id, instruction: this.kind === "own" ? this.instruction.trim() : "" });
    this.board.say("Merging");
  }

  // ---- one result

  drawOne(item) {
    let card = this.cards.get(item.id);
    if (!card) {
      card = h("section", { class: "pane merge", "data-merge": item.id, "aria-label": item.title });
      card.article = makeMessage(item.id, "assistant");
      card.head = h("header", { class: "head" });
      card.checks = h("div", { class: "checks" });
      card.foot = h("div", { class: "actions ends" });
      card.append(card.head, h("div", { class: "flow", tabindex: "0" }, card.checks, card.article, card.foot));
      this.cards.set(item.id, card);
      this.board.articles.set(item.id, card.article);
      this.list.append(card);
      if (item.status === "streaming") card.article.classList.add("waiting");
    }
    if (card.said === JSON.stringify(item)) return;
    card.said = JSON.stringify(item);
    const busy = item.status === "streaming";
    const listing = busy && item.kind === "guided" && !item.checklist.length;
    if (busy && card.run !== item.run) card.article.parts.body.replaceChildren(), card.article.classList.add("waiting"), (card.article.kept = undefined);
    card.run = item.run;
    card.classList.toggle("listing", listing);
    card.classList.toggle("busy", busy);
    card.head.replaceChildren(...[icon({ fuse: "merge", guided: "checklist", table: "table_chart", own: "edit_note" }[item.kind]), h("span", { class: "name", title: item.instruction || null }, item.title), h("span", { class: "spacer" }),
      this.tool("stop_circle", "Stop this merge", () => this.stop(item), "tool stop"), busy ? null : this.tool("close", "Remove this merge", () => this.board.trigger({ kind: "remove-merge", merge: item.id }))].filter(Boolean));
    if (!this.board.overtakes(card.article, item.message)) drawMessage(card.article, item.message, this.board);
    card.article.hidden = !busy && item.checklist.length > 0 && !item.message.text && !item.message.error;
    this.drawChecks(card, item, busy);
    const use = busy || !item.message.text ? null : word("Use as the answer", "");
    if (use) use.onclick = (event) => (event.stopPropagation(), this.board.trigger({ kind: "use-merge", merge: item.id }));
    card.foot.replaceChildren(...(use ? [use] : []));
  }

  tool(glyph, label, act, name = "tool") {
    const made = tool(glyph, label, "", { class: name });
    made.onclick = (event) => (event.stopPropagation(), act());
    return made;
  }

  stop(item) {
    const found = [...this.board.runs.values()].find((run) => run.answers.includes(item.id));
    return this.board.actions.stop(found ? [`/api/runs/${found.run}/cancel`] : []);
  }

  // What differs, to be ticked; the answer follows what is ticked and avoids what is not.
  drawChecks(card, item, busy) {
    if (!item.checklist.length) return card.checks.replaceChildren();
    const settled = busy || Boolean(item.message.text);
    const boxes = item.checklist.map(({ text, ticked }) => {
      const box = h("input", { type: "checkbox", checked: ticked, disabled: settled });
      return h("label", { class: "check" }, box, h("span", { dir: "auto" }, text));
    });
    const go = h("button", { type: "button", class: "word primary" }, "Write the answer");
    go.onclick = () => {
      go.disabled = true;
      this.board.trigger({ kind: "finish-merge", merge: item.id, ticked: boxes.map((label) => label.firstElementChild.checked) });
    };
    card.checks.replaceChildren(h("p", { class: "about" }, settled ? "The answer follows what is ticked." : "Tick what the answer shall follow; it avoids the rest."), ...boxes, ...(settled ? [] : [go]));
  }
}
