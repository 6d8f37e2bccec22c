// The collections of documents that this chat answers from: chosen behind the plus, shown as chips.

const MODES = [
  { mode: "auto", label: "Automatic", about: "whole while it fits" },
  { mode: "retrieve", label: "Passages", about: "always look up" },
  { mode: "whole", label: "Whole", about: "always all of it" },
];

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

  get mode() {
    return MODES.find(({ mode }) => mode === this.kept.documents?.mode) ?? MODES[0];
  }

  // What was just chosen counts until the page has heard of it.
  update({ shelf, attached, place }) {
    this.known = shelf;
    const said = JSON.stringify([place, attached]);
    if (said !== this.said) this.kept = attached;
    this.said = said;
    this.draw();
  }

  open(anchor) {
    if (!this.known.length) return this.composer.files.input.click();
    const items = [{ label: "Upload files", icon: "upload_file", files: true }, "-", { heading: "Answer from documents" },
      ...this.known.map(({ id, name, documents }) => ({ id, label: name, icon: this.chosen.includes(id) ? "check_box" : "check_box_outline_blank", about: documents === 1 ? "1 document" : `${documents} documents` }))];
    openMenu(this.composer.shadow, anchor, items, (item) => (item.files ? this.composer.files.input.click() : this.toggle(item.id)), { label: "Attach" });
  }

  toggle(id) {
    const chosen = this.chosen.includes(id) ? this.chosen.filter((one) => one !== id) : [...this.chosen, id];
    this.keep({ collections: chosen });
  }

  keep(change) {
    const documents = { mode: "auto", ...this.kept.documents, ...change };
    this.kept = { ...this.kept, documents };
    this.draw();
    this.composer.event({ kind: "attached", attached: { documents } });
  }

  modes(anchor) {
    const items = MODES.map((one) => ({ ...one, icon: one === this.mode ? "radio_button_checked" : "radio_button_unchecked" }));
    openMenu(this.composer.shadow, anchor, [{ heading: "How documents go in" }, ...items], ({ mode }) => this.keep({ mode }), { label: "How documents go in" });
  }

  draw() {
    const shown = this.known.filter(({ id }) => this.chosen.includes(id));
    if (!shown.length) return this.place.replaceChildren();
    const chips = shown.map(({ id, name }) => {
      const remove = h("button", { type: "button", class: "remove", "aria-label": `Do not answer from ${name}`, title: "Remove" }, icon("close"));
      remove.onclick = () => (this.toggle(id), this.composer.focus());
      return h("span", { class: "book" }, icon("menu_book"), h("span", { class: "name", title: name }, name), remove);
    });
    const how = h("button", { type: "button", class: "how", "aria-haspopup": "menu", title: "How documents go in" }, this.mode.label, icon("expand_more"));
    how.onclick = () => this.modes(how);
    this.place.replaceChildren(...chips, how);
  }
}
