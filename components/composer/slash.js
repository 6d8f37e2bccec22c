// The list that opens on "/", "$" and "@": prompts put their text into the field, commands act, agents answer.

class Slash {
  constructor(composer) {
    this.composer = composer;
    this.list = composer.root.querySelector(".slash");
    this.entries = [];
    this.at = 0;
  }

  get open() {
    return !this.list.hidden;
  }

  update(text) {
    const typed = /^\/([^\s/]*)$/.exec(text);
    const named = /(?:^|\s)\$([\w-]*)$/.exec(text);
    const called = /(?:^|\s)@([^\s@]*)$/.exec(text);
    this.entries = typed ? this.matching(typed[1].toLowerCase()) : named ? this.named(named[1].toLowerCase()) : called ? this.called(called[1].toLowerCase()) : [];
    this.at = 0;
    this.draw();
  }

  matching(typed) {
    const { prompts, commands } = this.composer.data;
    const all = [...this.skills(), ...this.composer.servers.entries(), ...prompts.map((prompt) => ({ ...prompt, kind: "prompt" })), ...commands.map((command) => ({ ...command, kind: "command" }))];
    return all.filter(({ name }) => name.toLowerCase().includes(typed)).sort((a, b) => b.name.toLowerCase().startsWith(typed) - a.name.toLowerCase().startsWith(typed)).slice(0, 10);
  }

  // Skills, which "$" names anywhere in a message.
  named(typed) {
    const sorted = this.skills().filter(({ name }) => name.toLowerCase().includes(typed)).sort((a, b) => b.name.startsWith(typed) - a.name.startsWith(typed));
    return sorted.slice(0, 10).map((entry) => ({ ...entry, sign: "$" }));
  }

  // Agents, which "@" calls anywhere in a message: the one that is picked answers, and its name leaves the text.
  called(typed) {
    const all = (this.composer.data.agents ?? []).map((agent) => ({ ...agent, kind: "agent", sign: "@" }));
    return all.filter(({ name }) => name.toLowerCase().includes(typed)).sort((a, b) => b.name.toLowerCase().startsWith(typed) - a.name.toLowerCase().startsWith(typed)).slice(0, 10);
  }

  skills() {
    return this.composer.data.skills.map((skill) => ({ ...skill, kind: "skill" }));
  }

  draw() {
    this.list.hidden = !this.entries.length;
    this.composer.area.setAttribute("aria-expanded", String(this.open));
    this.list.replaceChildren(...this.entries.map((entry, at) => {
      const row = h("button", { type: "button", role: "option", id: `slash-${at}`, tabindex: "-1", "aria-selected": String(at === this.at) },
        h("span", { class: "name" }, `${entry.sign ?? "/"}${entry.name}`), h("span", { class: "about" }, entry.about), entry.kind === "command" ? null : h("span", { class: "tag" }, entry.kind));
      row.onmousedown = (event) => (event.preventDefault(), this.pick(entry));
      return row;
    }));
    this.composer.area.setAttribute("aria-activedescendant", this.open ? `slash-${this.at}` : "");
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  // True when the key was for the list.
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + this.entries.length) % this.entries.length;
      this.draw();
    } else if (event.key === "Enter" || event.key === "Tab") this.pick(this.entries[this.at]);
    else if (event.key === "Escape") this.close();
    else return false;
    return true;
  }

  close() {
    this.entries = [];
    this.draw();
  }

  pick(entry) {
    this.close();
    if (entry.kind === "server") return this.composer.servers.pick(entry);
    if (entry.kind === "prompt") return this.fill(entry.text);
    if (entry.kind === "skill") return this.fill(entry.sign ? this.composer.area.value.replace(/\$[\w-]*$/, `$${entry.name} `) : `/${entry.name} `);
    if (entry.kind === "agent") {
      this.composer.shelf.answerAs(entry.id);
      return this.fill(this.composer.area.value.replace(/@[^\s@]*$/, ""));
    }
    if (entry.takes) return this.fill(`/${entry.name} `);
    this.composer.set("");
    this.composer.event({ kind: "command", name: entry.name, argument: "" });
  }

  // The first place to fill in is selected, ready to be typed over.
  fill(text) {
    this.composer.set(text);
    const area = this.composer.area;
    area.focus();
    const place = /\{\{[^}]+\}\}/.exec(text);
    if (place) area.setSelectionRange(place.index, place.index + place[0].length);
    else area.setSelectionRange(text.length, text.length);
  }

  // A whole typed command such as "/system Be brief."; null when the text is not one.
  command(text) {
    const typed = /^\/(\S+)(?:\s+([\s\S]*))?$/.exec(text.trim());
    const known = typed && this.composer.data.commands.find(({ name }) => name === typed[1].toLowerCase());
    return known ? { kind: "command", name: known.name, argument: (typed[2] ?? "").trim() } : null;
  }
}
