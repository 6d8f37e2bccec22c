// Who answers in this chat and from what: an agent, collections of documents, chosen behind the plus and shown as chips;
// and whether it does without memory.

const MODES = [
  { mode: "auto", label: "Automatic", about: "whole while it fits" },
  { mode: "retrieve", label: "Passages", about: "always look up" },
  { mode: "whole", label: "Whole", about: "always all of it" },
];

const facts = ({ documents, memory, tools, agents }) => JSON.stringify([documents?.collections, documents?.mode, memory?.off, tools?.mode, agents?.agent]);

class Shelf {
  constructor(composer) {
    this.composer = composer;
    this.place = composer.root.querySelector(".shelf");
    this.known = [];
    this.kept = {};
  }

  get chosen() {
    return this.kept.documents?.collections ?? [];
  }

  get forgetful() {
    return Boolean(this.kept.memory?.off) && !this.temporary;
  }

  get mode() {
    return MODES.find(({ mode }) => mode === this.kept.documents?.mode) ?? MODES[0];
  }

  // Whether the model itself can call tools; the others are told of them in words, when that is wanted.
  get able() {
    return this.composer.data.model?.tools !== false;
  }

  // The agent that answers; one that is not there any more has no name.
  get agent() {
    const id = this.kept.agents?.agent;
    const { agents } = this.composer.data;
    return id && agents ? (agents.find((one) => one.id === id) ?? { id, name: "An agent that is gone", face: null }) : null;
  }

  get tools() {
    const mode = this.kept.tools?.mode ?? "auto";
    return mode === "auto" ? this.able || Boolean(this.kept.tools?.on?.length) : mode === "on";
  }

  // What was just chosen counts until the page has heard of it: an answer to an earlier choice may still be on its way.
  update({ shelf, attached, place, temporary }) {
    this.known = shelf;
    this.temporary = temporary;
    const waits = this.told?.place === place && this.told.what !== facts(attached) && performance.now() < this.told.until;
    if (!waits) {
      this.told = null;
      this.kept = attached;
    }
    this.at = place;
    this.draw();
  }

  open(anchor) {
    const free = this.known.filter(({ given }) => !given);
    const box = (on) => (on ? "check_box" : "check_box_outline_blank");
    const items = [{ label: "Upload files", icon: "upload_file", act: () => this.composer.files.input.click() },
      ...this.composer.servers.items(),
      ...(this.temporary ? [] : [{ label: "Use memory in this chat", icon: box(!this.forgetful), act: () => this.remember(this.forgetful) }]),
      { label: "Use tools in this chat", icon: box(this.tools), about: this.able ? "" : "told in words", act: () => this.use(!this.tools) },
      ...(this.composer.data.agents?.length ? [{ label: this.agent ? "Answer as another agent" : "Answer as an agent", icon: "smart_toy", about: "@", act: () => this.agents(anchor) }] : []),
      ...(free.length ? ["-", { heading: "Answer from documents" }] : []),
      ...free.map(({ id, name, documents }) => ({ label: name, icon: box(this.chosen.includes(id)), about: documents === 1 ? "1 document" : `${documents} documents`, act: () => this.toggle(id) }))];
    openMenu(this.composer.shadow, anchor, items, (item) => item.act(anchor), { label: "Attach" });
  }

  agents(anchor) {
    const chosen = this.agent?.id;
    const mark = (on) => (on ? "radio_button_checked" : "radio_button_unchecked");
    const items = [{ label: "No agent", icon: mark(!chosen), id: "" }, "-", ...this.composer.data.agents.map(({ id, name, about }) => ({ id, label: name, about, icon: mark(id === chosen) }))];
    openMenu(this.composer.shadow, anchor, items, ({ id }) => (this.answerAs(id), this.composer.focus()), { label: "Who answers", find: "Search agents" });
  }

  answerAs(id) {
    this.tell({ agents: id ? { agent: id } : {} });
  }

  remember(on) {
    this.tell({ memory: { ...this.kept.memory, off: !on } });
  }

  use(on) {
    this.tell({ tools: { ...this.kept.tools, mode: on === this.able ? "auto" : on ? "on" : "off" } });
  }

  tell(given) {
    this.kept = { ...this.kept, ...given };
    this.told = { place: this.at, what: facts(this.kept), until: performance.now() + 10_000 };
    this.draw();
    this.composer.event({ kind: "attached", attached: given });
  }

  toggle(id) {
    const chosen = this.chosen.includes(id) ? this.chosen.filter((one) => one !== id) : [...this.chosen, id];
    this.keep({ collections: chosen });
  }

  keep(change) {
    this.tell({ documents: { mode: "auto", ...this.kept.documents, ...change } });
  }

  modes(anchor) {
    const items = MODES.map((one) => ({ ...one, icon: one === this.mode ? "radio_button_checked" : "radio_button_unchecked" }));
    openMenu(this.composer.shadow, anchor, [{ heading: "How documents go in" }, ...items], ({ mode }) => this.keep({ mode }), { label: "How documents go in" });
  }

  // A collection of the chat's project is read with it: nothing to remove.
  given(name) {
    return h("span", { class: "book given", title: `${name}: of this project` }, icon("folder_special"), h("span", { class: "name" }, name));
  }

  chip(sign, name, label, act, face = null) {
    const remove = h("button", { type: "button", class: "remove", "aria-label": label, title: label }, icon("close"));
    remove.onclick = () => (act(), this.composer.focus());
    const mark = face ? h("span", { class: "face", "aria-hidden": "true", style: `background: ${face.colour}` }, face.sign) : icon(sign);
    return h("span", { class: "book" }, mark, h("span", { class: "name", title: name }, name), remove);
  }

  draw() {
    const shown = this.known.filter(({ id, given, documents }) => (given ? documents > 0 : this.chosen.includes(id)));
    const agent = this.agent;
    const who = agent ? [this.chip("smart_toy", agent.name, `Go on without ${agent.name}`, () => this.answerAs(""), agent.face)] : [];
    const off = this.forgetful ? [this.chip("neurology", "Memory off", "Use memory again", () => this.remember(true))] : [];
    if (this.tools !== this.able) off.push(this.tools ? this.chip("build", "Tools, told in words", "Do without tools", () => this.use(false)) : this.chip("build", "Tools off", "Use tools again", () => this.use(true)));
    if (!shown.length) return this.place.replaceChildren(...who, ...off);
    const chips = [...who, ...off, ...shown.map(({ id, name, given }) => given ? this.given(name) : this.chip("menu_book", name, `Do not answer from ${name}`, () => this.toggle(id)))];
    const how = h("button", { type: "button", class: "how", "aria-haspopup": "menu", title: "How documents go in" }, this.mode.label, icon("expand_more"));
    how.onclick = () => this.modes(how);
    this.place.replaceChildren(...chips, how);
  }
}
