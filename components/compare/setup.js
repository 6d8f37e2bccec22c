// Before a comparison: which models answer, under which rules; saved teams and the last comparisons.

const MOST_PANES = 24;

class Setup {
  constructor(board) {
    this.board = board;
    this.place = board.parts.setup;
    this.draft = { members: [], blind: false };
    this.adding = h("button", { type: "button", class: "member add", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("add"), h("span", { class: "name" }));
    this.adding.onclick = () => this.add();
  }

  // What was just chosen counts until the page has heard of it: its answer to an earlier choice may still be on its way.
  update(setup) {
    this.data = setup;
    if (!setup) return;
    const given = { members: setup.members, blind: setup.blind };
    const waits = this.told && this.told.place === this.board.data.place && this.facts(given) !== this.told.facts && performance.now() < this.told.until;
    if (!waits) (this.draft = given), (this.told = null);
    this.draw();
  }

  facts({ members, blind }) {
    return JSON.stringify([members.map(({ model, params }) => [model, params]), blind]);
  }

  keep(change) {
    this.draft = { ...this.draft, ...change };
    this.told = { place: this.board.data.place, facts: this.facts(this.draft), until: performance.now() + 10_000 };
    this.draw();
    this.board.trigger({ kind: "lineup", members: this.draft.members.map(({ model, params }) => ({ model, params })), blind: this.draft.blind });
  }

  asks(asks, said) {
    const { members, blind } = this.draft;
    if (this.data.seed) asks.problem = "Ask the others first, or start a new comparison; nothing was sent.";
    if (!members.length) asks.problem = "Choose a model first; nothing was sent.";
    asks.address = "/api/comparisons";
    asks.body = { ...said, models: members.map(({ model, params }) => ({ model, params })), blind, attached: asks.message.attached };
  }

  // The columns as they stand until the hub has answered; in a blind comparison without names.
  views() {
    const { members, blind } = this.draft;
    const letter = (at) => String.fromCharCode(65 + at);
    return members.map(({ label, provider, adjusted }, at) => ({ id: `draft-${at}`, letter: blind ? letter(at) : "", label: blind ? `Model ${letter(at)}` : label, provider, adjusted, veiled: blind, local: true, messages: [] }));
  }

  // ---- drawing

  draw() {
    steady(this.place, () => this.data && this.redraw());
  }

  redraw() {
    const { seed, teams, recents } = this.data;
    const { members, blind } = this.draft;
    const now = JSON.stringify([this.data, this.draft]);
    if (now === this.said) return;
    this.said = now;
    const active = this.place.contains(this.board.shadow.activeElement) && this.board.shadow.activeElement.dataset.name;
    const full = members.length >= MOST_PANES;
    this.adding.disabled = full;
    this.adding.lastElementChild.textContent = full ? `${MOST_PANES} is the most` : members.length ? "Add models" : "Choose models";
    const lineup = h("div", { class: "lineup", role: "group", "aria-label": "Models that answer" }, ...(seed ? [this.seed(seed)] : []), ...members.map((member, at) => this.member(member, at)), this.adding);
    this.place.replaceChildren(
      h("h1", {}, seed ? "Compare this answer" : "Which model answers best?"),
      h("p", {}, seed ? "Other models answer the same question; their answers stand beside this one." : "Ask several models the same thing. Their answers stand side by side, to be compared, voted on and merged."),
      lineup, h("div", { class: "rules" }, ...this.rules(seed, members, blind)),
      ...(teams.length ? [this.teams(teams)] : []), ...(recents.length && !seed ? [this.recents(recents)] : []));
    if (active) (this.place.querySelector(`[data-name="${active}"]`) ?? this.adding).focus({ preventScroll: true });
  }

  member(member, at) {
    const replace = h("button", { type: "button", class: "model", "data-name": `model ${at}`, "aria-haspopup": "menu", title: "Use another model" }, h("span", { class: "name" }, member.label), h("span", { class: "provider" }, member.adjusted || member.provider));
    replace.onclick = () => this.board.actions.models(replace, (item) => this.put(at, this.made(item)), "Use instead");
    return h("div", { class: "member" }, h("span", { class: "sign", "aria-hidden": "true" }, at + 1), replace,
      this.tool("tune", `Adjust ${member.label}`, () => this.board.trigger({ kind: "adjust-member", at }), `tune ${at}`),
      this.tool("close", `Remove ${member.label}`, () => this.keep({ members: this.draft.members.filter((_, other) => other !== at) }), `remove ${at}`));
  }

  seed({ label, text }) {
    return h("div", { class: "member seed" }, icon("chat_bubble"), h("div", { class: "model" }, h("span", { class: "name" }, label), h("span", { class: "provider" }, text)));
  }

  tool(glyph, label, act, name) {
    const made = tool(glyph, label, "", { "data-name": name });
    made.onclick = (event) => (event.stopPropagation(), act());
    return made;
  }

  made({ id, label, about }) {
    return { model: id, params: {}, label, provider: about, adjusted: "" };
  }

  put(at, member) {
    this.keep({ members: this.draft.members.map((one, other) => (other === at ? member : one)) });
  }

  // The list stays open: one press, one column more; the same model may stand there twice.
  add() {
    const pick = (item) => this.draft.members.length < MOST_PANES && this.keep({ members: [...this.draft.members, this.made(item)] });
    this.board.actions.models(this.adding, pick, "One press adds a column", { stay: true });
  }

  rules(seed, members, blind) {
    if (seed) {
      const go = h("button", { type: "button", class: "word primary", "data-name": "go", disabled: !members.length }, members.length === 1 ? "Ask this model" : `Ask these ${members.length || ""} models`.replace("  ", " "));
      go.onclick = () => ((go.disabled = true), this.board.trigger({ kind: "start-from", members: members.map(({ model, params }) => [model, params]) }));
      return [go];
    }
    const toggle = h("button", { type: "button", role: "switch", class: "switch", "data-name": "blind", "aria-checked": String(blind) }, h("span", { class: "knob", "aria-hidden": "true" }), "Blind");
    toggle.onclick = () => this.keep({ blind: !blind });
    const said = h("span", { class: "about" }, blind ? "Names are hidden and the order is shuffled until you have voted." : "Names stand above the answers.");
    const save = members.length > 1 ? word("Save as team", "", { "data-name": "save" }) : null;
    if (save) save.onclick = (event) => (event.stopPropagation(), this.board.trigger({ kind: "save-team" }));
    return [toggle, said, h("span", { class: "spacer" }), save].filter(Boolean);
  }

  teams(teams) {
    return h("section", { class: "teams", "aria-label": "Saved teams" }, h("h2", {}, "Teams"), h("div", { class: "chips" }, ...teams.map((team) => {
      const use = h("button", { type: "button", class: "team", "data-name": `team ${team.id}`, title: team.about }, icon("group"), h("span", { class: "name" }, team.name), h("span", { class: "provider" }, `${team.members}`));
      use.onclick = () => ((this.told = null), this.board.trigger({ kind: "use-team", team: team.id }));
      return h("span", { class: "chip" }, use, this.tool("close", `Delete the team ${team.name}`, () => this.board.trigger({ kind: "delete-team", team: team.id }), `drop ${team.id}`));
    })));
  }

  recents(recents) {
    return h("section", { class: "recents", "aria-label": "Earlier comparisons" }, h("h2", {}, "Earlier"), ...recents.map((one) => {
      const { conversation, title } = one;
      const more = this.tool("more_horiz", `Actions for ${title}`, () => openMenu(this.board.shadow, more, CHAT_ACTS, ({ act }) => this.board.trigger({ kind: act, conversation, title }), { label: `Actions for ${title}` }), `more ${one.id}`);
      more.setAttribute("aria-haspopup", "menu");
      const open = h("a", { class: "recent", href: `compare?c=${encodeURIComponent(one.id)}` }, h("span", { class: "name" }, one.title), h("span", { class: "provider" }, one.about));
      open.onclick = (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        event.stopPropagation();
        this.board.trigger({ kind: "open", comparison: one.id });
      };
      return h("div", { class: "earlier-one" }, open, more);
    }));
  }
}
