// The palette (Ctrl-K): chats, messages, projects, models, settings and actions in one list. What is typed is looked up
// here at once; titles that this page has not seen, and what was said, are asked from the hub meanwhile.

const SHOWN = { Actions: 8, Chats: 8, Projects: 6, Pages: 8, Models: 8, Settings: 8 };
const UNASKED = { Actions: 12, Chats: 6, Projects: 4, Pages: 8, Models: 4, Settings: 8 };
const ASK_AFTER_MS = 120;
const FEWEST_LETTERS = 2;
const LEAD = 28;
const MODELS_GOOD_FOR_MS = 60_000;

class Palette {
  constructor(keys) {
    this.keys = keys;
    this.chats = new Map();
    this.models = [];
    this.trouble = {};
    this.said = {};
  }

  // ---- the dialog

  dialog() {
    this.input = h("input", {
      type: "text", role: "combobox", placeholder: "Find a chat, message, project, model or setting", maxlength: 200, autocomplete: "off", autocapitalize: "off",
      spellcheck: "false", enterkeyhint: "go", "aria-label": "Find a chat, message, project, model or setting", "aria-controls": "found", "aria-expanded": "true", "aria-autocomplete": "list",
    });
    this.list = h("div", { class: "found", id: "found", role: "listbox", "aria-label": "Found" });
    this.told = h("div", { class: "told", role: "status" });
    const close = h("button", { type: "button", class: "close", title: "Close (Esc)", "aria-label": "Close" }, h("kbd", {}, "Esc"), icon("close"));
    const hint = (signs, what) => h("span", {}, ...signs.map((sign) => h("kbd", {}, sign)), what);
    const dialog = h("dialog", { class: "palette", "aria-label": "Find anything" },
      h("div", { class: "ask" }, icon("search"), this.input, close), this.list,
      h("div", { class: "foot", "aria-hidden": "true" }, hint(["\u2191", "\u2193"], "Move"), hint(["\u21b5"], "Choose"), hint(["Esc"], "Close")), this.told);
    close.onclick = () => dialog.close();
    this.input.oninput = () => this.typed();
    this.list.onclick = (event) => this.choose(event.target.closest(".option"));
    this.list.onmousemove = (event) => (event.movementX || event.movementY) && this.moveTo(event.target.closest(".option") ?? this.at, false);
    this.list.onmousedown = (event) => event.preventDefault();
    this.query = "";
    this.asking = 0;
    this.said = {};
    this.wanted = this.at = null;
    this.keepRoom(dialog);
    this.draw();
    this.refresh();
    return dialog;
  }

  // A phone's keyboard covers the lower part of the window without making it smaller.
  keepRoom(dialog) {
    const fit = () => dialog.style.setProperty("--room", `${visualViewport.height}px`);
    fit();
    visualViewport.addEventListener("resize", fit);
    dialog.addEventListener("close", () => visualViewport.removeEventListener("resize", fit));
  }

  key(event) {
    const all = [...this.list.querySelectorAll(".option")];
    const at = all.indexOf(this.at);
    const next = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1, PageDown: Math.min(at + 8, all.length - 1), PageUp: Math.max(at - 8, 0) }[event.key];
    if (event.key === "Enter") {
      if (event.composedPath()[0] !== this.input) return;
      event.preventDefault();
      if (this.at) this.choose(this.at);
      else this.wanted = this.query;
    } else if (next !== undefined && !event.shiftKey) {
      event.preventDefault();
      if (all.length) this.moveTo(all[next], true);
    }
  }

  choose(option) {
    if (!option) return;
    this.keys.close();
    this.keys.foldOnPhone();
    if (option.entry.run) option.entry.run();
    else this.keys.send({ do: option.entry.do, id: option.entry.id ?? "" });
    if (option.entry.do === "model") document.dispatchEvent(new CustomEvent("hub:model", { detail: { id: option.entry.id, label: option.entry.title } }));
  }

  moveTo(option, scroll) {
    if (this.at !== option) this.at?.setAttribute("aria-selected", "false");
    this.at = option;
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", option.id);
    if (!scroll) return;
    // The first of all brings the heading above it into sight.
    if (option === this.list.querySelector(".option")) this.list.scrollTop = 0;
    else option.scrollIntoView({ block: "nearest" });
  }

  // ---- what there is

  typed() {
    this.query = this.input.value.trim();
    this.asking = this.query ? 1 : 0;
    this.wanted = null;
    if (this.query.length < FEWEST_LETTERS) this.said = {};
    this.draw(true);
    clearTimeout(this.timer);
    if (this.query) this.timer = setTimeout(() => this.ask(this.query), ASK_AFTER_MS);
  }

  refresh() {
    this.fetch("Chats", "/api/conversations", ({ pinned, recent }) => {
      if (!this.query) this.chats.clear();
      this.know([...pinned, ...recent]);
    });
    if (this.modelsAt > performance.now() - MODELS_GOOD_FOR_MS) return;
    this.fetch("Models", "/api/models", (models) => {
      this.modelsAt = performance.now();
      const name = (model) => model.alias || model.title;
      this.models = models
        .map((model) => ({ do: "model", id: model.id, title: name(model), find: `${model.name} ${model.title} ${model.connection_name}`, note: model.connection_name, icon: model.favourite ? "star" : "deployed_code", first: model.favourite }))
        .sort((one, other) => other.first - one.first);
    });
  }

  ask(query) {
    const words = encodeURIComponent(query);
    const asked = [this.fetch("Chats", `/api/conversations?limit=20&q=${words}`, ({ found }) => this.know(found))];
    if (query.length >= FEWEST_LETTERS)
      asked.push(this.fetch("Messages", `/api/search?limit=8&tz=${encodeURIComponent(ZONE)}&q=${words}`, (found) => query === this.query && this.hear(found)));
    this.asking = asked.length;
    for (const one of asked)
      one.then(() => {
        if (query !== this.query) return;
        this.asking -= 1;
        if (this.list.isConnected) this.draw();
        if (this.wanted === query && (this.at || !this.asking)) this.choose(this.at);
      });
  }

  // What the hub found in what was said: shown as it came, since meaning finds what has no word of the question.
  hear({ talks, documents, memories, problems, without }) {
    const line = (icon, pieces, note, link) => ({ do: "open", id: link, title: pieces.map(([text]) => text).join(""), pieces, note, icon });
    this.said = {
      Messages: talks.flatMap(({ title, passages }) => passages.slice(0, 2).map((one) => line("chat", one.pieces, `${title.map(([text]) => text).join("")} \u00b7 ${ago(one.at)}`, one.link))),
      Documents: documents.map((one) => line("description", one.pieces, [one.title, one.place].filter(Boolean).join(" \u00b7 "), one.link)),
      Memories: memories.map((one) => line("psychology", one.pieces, ago(one.at), one.link)),
    };
    this.said.trouble = [...problems, without].filter(Boolean).join(" ");
  }

  know(conversations) {
    for (const { id, title, updated_at, pinned, archived } of conversations)
      this.chats.set(id, { do: "chat", id, title: title || "New chat", note: archived ? "Archived" : ago(updated_at), icon: pinned ? "keep" : "chat_bubble", time: updated_at });
  }

  async fetch(group, path, take) {
    try {
      take(await api(path, { method: "GET" }));
      this.trouble[group] = "";
    } catch (error) {
      this.trouble[group] = error.message;
      if (group === "Messages") this.said = {};
    }
    if (this.list.isConnected) this.draw();
  }

  entries() {
    const { actions, pages, projects, settings } = this.keys.data;
    const chats = [...this.chats.values()].sort((one, other) => (one.time < other.time ? 1 : -1));
    return { Actions: [...actions, ...this.keys.offers()], Chats: chats, Projects: projects, Pages: pages, Models: this.models, Settings: settings };
  }

  // ---- drawing

  draw(anew = false) {
    this.anew ||= anew;
    steady(this.list, () => this.redraw());
  }

  // What is chosen stays chosen when more arrives; what is typed begins at the best again.
  redraw() {
    const { anew } = this;
    this.anew = false;
    const chosen = anew ? null : this.at?.entry;
    const words = wordsOf(this.query);
    const groups = words.length ? [...this.found(words), ...this.heard()] : Object.entries(this.entries()).map(([name, entries]) => [name, entries.filter((one) => !one.deep).slice(0, UNASKED[name])]);
    let count = 0;
    const parts = groups.filter(([name, entries]) => entries.length || this.troubleOf(name)).map(([name, entries]) =>
      h("div", { role: "group", "aria-label": this.heading(name) }, h("h3", { "aria-hidden": "true" }, this.heading(name)),
        ...entries.map((entry) => this.option(entry, words, count++)), this.troubleOf(name) ? h("div", { class: "note" }, this.troubleOf(name)) : ""));
    if (!count) parts.push(h("div", { class: "note" }, this.asking || !words.length ? "Looking" : `Nothing is found for “${this.query}”.`));
    this.list.replaceChildren(...parts);
    const options = [...this.list.querySelectorAll(".option")];
    const same = chosen && options.find(({ entry }) => entry.title === chosen.title && entry.id === chosen.id);
    this.moveTo(same ?? options[0] ?? null, anew);
    this.told.textContent = words.length && !this.asking ? (count === 1 ? "1 found" : `${count} found`) : "";
  }

  heard() {
    return ["Messages", "Documents", "Memories"].map((name) => [name, this.said[name] ?? []]);
  }

  troubleOf(name) {
    return this.trouble[name] || (name === "Messages" && this.query ? this.said.trouble : "");
  }

  // The groups with what answers in them, the best group first.
  found(words) {
    const all = Object.entries(this.entries()).map(([name, entries]) => [name, matching(entries, words)]);
    const strong = all.some(([, found]) => found[0]?.rank < WEAK);
    const kept = all.map(([name, found]) => [name, found.filter((one) => !strong || one.rank < WEAK).slice(0, SHOWN[name])]);
    kept.sort(([, one], [, other]) => (one[0]?.rank ?? 9) - (other[0]?.rank ?? 9));
    return kept.map(([name, found]) => [name, found.map(({ entry }) => entry)]);
  }

  heading(name) {
    if (name === "Chats" && !this.query) return "Recent chats";
    if (name === "Models") return this.keys.data.in_chat ? "Models for this chat" : "Models for a new chat";
    return name;
  }

  option(entry, words, at) {
    const option = h("div", { class: "option", role: "option", id: `option-${at}`, "aria-selected": "false" }, icon(entry.icon),
      h("span", { class: "title", dir: "auto" }, ...(entry.pieces ? piecesOf(entry.pieces) : marked(entry.title, words))), entry.note ? h("span", { class: "note" }, entry.note) : "", entry.keys ? signs(entry.keys) : "");
    option.entry = entry;
    return option;
  }
}

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

// A passage on one line: what was found stands near its beginning, where it is seen.
function piecesOf(pieces) {
  const first = pieces.findIndex(([, found]) => found);
  const before = pieces.slice(0, Math.max(first, 0)).map(([text]) => text).join("");
  const after = pieces.slice(Math.max(first, 0)).map(([text, found]) => (found ? h("mark", {}, text) : text));
  return [before.length > LEAD ? `\u2026${before.slice(-LEAD)}` : before, ...after];
}

const ROUGHLY = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60]];

function ago(time) {
  const seconds = (Date.now() - new Date(time)) / 1000;
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? ["minute", 60];
  return seconds < 60 ? "now" : ROUGHLY.format(-Math.floor(seconds / length), unit);
}
