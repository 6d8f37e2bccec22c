// Which answer is better: one press for two columns, the order of presses for more. Keys 1 to 9, T, X, U, Enter.

const TAGS = ["Correct", "Complete", "Clear", "Short", "Style", "Follows instructions"];

// Tags are kept in small letters; those that are offered here are shown as they are offered.
const asTag = (kept) => TAGS.find((tag) => tag.toLowerCase() === kept) ?? kept;

class Votes {
  constructor(board) {
    this.board = board;
    this.clear();
  }

  clear() {
    Object.assign(this, { order: [], tags: new Set(), reason: "", open: false, said: null, vote: null });
    this.board.parts.votes.replaceChildren();
  }

  // `vote` is {turn, cast}: the newest turn that went to all, and what was said of it; null without one.
  update(vote) {
    if (this.vote && vote && this.vote.turn !== vote.turn) Object.assign(this, { order: [], tags: new Set(), reason: "", open: false });
    this.vote = vote;
    this.sent = null;
  }

  get panes() {
    return [...this.board.panes.values()];
  }

  // Those that may be voted on: an answer that failed has said nothing.
  get voters() {
    return this.panes.filter((pane) => pane.view.answered);
  }

  get asks() {
    return Boolean(this.vote) && !this.vote.cast && !this.sent && this.voters.length > 1 && this.panes.every((pane) => !pane.busy);
  }

  draw() {
    steady(this.board.parts.votes, () => this.redraw());
  }

  redraw() {
    const { votes } = this.board.parts;
    const busy = this.panes.filter((pane) => pane.busy).length;
    const cast = this.vote?.cast;
    const ranks = cast && !cast.all_bad ? cast.ranks : Object.fromEntries(this.order.map((id, at) => [id, at + 1]));
    for (const pane of this.panes) pane.setRank(ranks[pane.id] ?? null);
    const now = JSON.stringify([busy, this.asks, this.vote, this.order, [...this.tags], this.open, this.panes.map((pane) => [pane.id, pane.name]), this.board.data?.mergeable]);
    if (now === this.said) return;
    this.said = now;
    const focused = votes.contains(this.board.shadow.activeElement) && this.board.shadow.activeElement.dataset.vote;
    const row = busy ? this.writing(busy) : this.asks ? this.question() : cast ? this.answer(cast) : [];
    const merge = !busy && this.board.data?.mergeable ? [word("Merge", "open-merge", { class: "word merge-open", title: "Merge the answers" })] : [];
    for (const button of merge) button.prepend(icon("merge")), (button.onclick = (event) => (event.stopPropagation(), this.board.merges.show()));
    votes.replaceChildren(h("div", { class: "ballot" }, ...row, ...merge), ...(this.asks && this.open ? [this.details()] : []));
    if (focused) votes.querySelector(`[data-vote="${focused}"]`)?.focus({ preventScroll: true });
    this.board.fit();
  }

  writing(busy) {
    const all = this.panes.length;
    return [h("span", { class: "asked", role: "status" }, busy === all ? "Answering" : `${all - busy} of ${all} answers are there`), word("Stop all", "stop-all", { title: "Stop all answers (Esc)" })];
  }

  button(name, label, act, more = {}) {
    const made = h("button", { type: "button", class: "word vote", "data-vote": name, ...more }, label);
    made.onclick = (event) => (event.stopPropagation(), act());
    return made;
  }

  // Left, tie, right for two; for more the presses in their order are the ranks.
  question() {
    const two = this.voters.length === 2;
    const sides = two && this.panes.length === 2;
    const called = (pane, at) => (sides ? ["Left", "Right"][at] : pane.view.letter || String(pane.place));
    const picks = this.voters.map((pane, at) => {
      const rank = this.order.indexOf(pane.id) + 1;
      const made = this.button(pane.id, called(pane, at), () => this.pick(pane), { title: `${pane.name}${pane.place < 10 ? ` (${pane.place})` : ""}`, "aria-pressed": two ? null : String(rank > 0), "aria-label": `${sides ? called(pane, at) : pane.name}${rank ? `, rank ${rank}` : ""}` });
      if (rank) made.append(h("span", { class: "nth", "aria-hidden": "true" }, rank));
      return made;
    });
    const tie = this.button("tie", "Tie", () => this.tie(), { title: "Tie (T)" });
    const bad = this.button("bad", two ? "Both bad" : "All bad", () => this.bad(), { title: `${two ? "Both" : "All"} bad (X)` });
    const save = this.order.length && !two ? [this.button("save", "Save ranking", () => this.save(), { class: "word primary", title: "Save ranking (Enter)" })] : [];
    const why = this.button("why", "Say why", () => ((this.open = !this.open), this.draw(), this.open && this.board.parts.votes.querySelector("input")?.focus()), { class: "word vote quiet", "aria-expanded": String(this.open) });
    const asked = two ? "Which answer is better?" : this.order.length ? "And then?" : "Which answer is best?";
    return [h("span", { class: "asked" }, asked), h("span", { class: "picks", role: "group", "aria-label": asked }, ...(sides ? [picks[0], tie, picks[1]] : picks)), ...(sides ? [] : [tie]), bad, ...save, why];
  }

  details() {
    const field = h("input", { type: "text", placeholder: "Why? (optional)", "aria-label": "Why", maxlength: 500, value: this.reason });
    field.oninput = () => (this.reason = field.value);
    field.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Escape") (this.open = false), this.draw();
    };
    const tags = TAGS.map((tag) => {
      const made = this.button(`tag ${tag}`, tag, () => (this.tags.has(tag) ? this.tags.delete(tag) : this.tags.add(tag), this.draw()), { class: "tag", "aria-pressed": String(this.tags.has(tag)) });
      return made;
    });
    return h("div", { class: "details" }, field, h("span", { class: "tags", role: "group", "aria-label": "What was better" }, ...tags));
  }

  // What was said, and whose answers they were.
  answer({ ranks, all_bad: bad, reason, tags }) {
    const names = new Map(this.panes.map((pane) => [pane.id, pane.name]));
    const by = Object.entries(ranks).filter(([id]) => names.has(id)).sort(([, one], [, other]) => one - other);
    const parts = by.map(([id, rank], at) => `${at ? (rank === by[at - 1][1] ? " = " : " > ") : ""}${names.get(id)}`);
    const tied = by.length && by.every(([, rank]) => rank === by[0][1]);
    const said = bad ? (this.panes.length === 2 ? "You found both bad" : "You found all bad") : tied && by.length > 1 ? "You called it a tie" : `You said ${parts.join("")}`;
    return [icon("how_to_vote"), h("span", { class: "asked done", title: [said, reason].filter(Boolean).join(": ") }, said, reason || tags.length ? h("span", { class: "why" }, ` \u00b7 ${[...tags.map(asTag), reason].filter(Boolean).join(", ")}`) : null),
      this.button("undo", "Undo", () => this.undo(), { title: "Undo the vote (U)" })];
  }

  // ---- voting

  pick(pane) {
    if (this.voters.length === 2) return this.cast([pane.id]);
    this.order = this.order.includes(pane.id) ? this.order.filter((id) => id !== pane.id) : [...this.order, pane.id];
    if (this.order.length === this.voters.length - 1) this.order.push(this.voters.find(({ id }) => !this.order.includes(id)).id);
    this.draw();
  }

  save() {
    this.cast(this.order);
  }

  tie() {
    this.send({ ranks: Object.fromEntries(this.voters.map(({ id }) => [id, 1])), all_bad: false });
  }

  bad() {
    this.send({ ranks: Object.fromEntries(this.voters.map(({ id }) => [id, 1])), all_bad: true });
  }

  // Those that were not named share the last rank.
  cast(order) {
    this.order = order;
    const rank = (id) => (order.includes(id) ? order.indexOf(id) + 1 : order.length + 1);
    this.send({ ranks: Object.fromEntries(this.voters.map(({ id }) => [id, rank(id)])), all_bad: false });
  }

  send(said) {
    this.sent = this.vote;
    this.board.trigger({ kind: "vote", turn: this.vote.turn, ...said, reason: this.reason.trim(), tags: [...this.tags] });
    this.board.say("Vote saved");
    this.draw();
  }

  undo() {
    this.order = [];
    this.board.trigger({ kind: "undo-vote", turn: this.vote.turn });
  }

  key(event) {
    const letter = event.key.toLowerCase();
    if (letter === "u" && this.vote?.cast) return this.undo(), true;
    if (!this.asks) return false;
    const pane = this.voters.find(({ place }) => String(place) === event.key && place < 10);
    const act = pane ? () => this.pick(pane) : letter === "t" ? () => this.tie() : letter === "x" ? () => this.bad() : event.key === "Enter" && this.order.length && !event.composedPath()[0].matches?.("button, a, summary") ? () => this.save() : null;
    act?.();
    return Boolean(act);
  }
}
