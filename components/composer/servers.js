// What MCP servers have for a message: resources go in as files, prompts as text. Every server is asked on its own when
// the panel opens, so one that is slow or away holds up nothing.

// Rows of one server, so that the next one is in sight; the rest is found by typing.
const ROWS = 20;
const MOST_ROWS = 100;

const sentence = (error) => [error.message, error.hint].filter(Boolean).join(" ");

class Servers {
  constructor(composer) {
    this.composer = composer;
    this.list = [];
    this.kept = new Map(); // what was written into blanks, by what they belong to
  }

  update({ servers }) {
    this.list = servers;
  }

  // What stands behind the plus.
  items() {
    if (!this.list.length) return [];
    return [{ label: "Attach from a server", icon: "dataset_linked", act: (anchor) => this.open(anchor, RESOURCES) },
      { label: "Use a prompt of a server", icon: "quick_phrases", act: (anchor) => this.open(anchor, PROMPTS) }];
  }

  // What "/" finds: prompts that are remembered, so that typing wakes no server.
  entries() {
    const plain = (name) => name.replace(/[\s/]+/g, "-");
    return this.list.flatMap((server) => server.prompts.map((prompt) => ({ name: `${server.word}:${plain(prompt.name)}`, about: prompt.about || prompt.title, kind: "server", server, prompt })));
  }

  pick({ server, prompt }) {
    this.composer.set("");
    this.fill(this.composer.root.querySelector("[data-act=attach]"), PROMPTS, server, prompt);
  }

  open(anchor, kind) {
    const panel = new Panel(this.composer, anchor, kind.label);
    const field = h("input", { type: "search", class: "find", "aria-label": kind.find, placeholder: kind.find });
    const parts = this.list.map((server) => new Part(server, kind, (item) => this.take(anchor, kind, server, item, panel)));
    field.oninput = () => parts.forEach((part) => part.draw(field.value));
    panel.show(field, ...parts.map(({ place }) => place));
    field.focus();
  }

  // A resource without blanks is attached at once; all else is filled in first, or at least waited for in sight.
  take(anchor, kind, server, item, panel) {
    panel?.close();
    if (kind === RESOURCES && !item.arguments.length) return this.attach(server, item, {}), this.composer.focus();
    this.fill(anchor, kind, server, item);
  }

  attach(server, { uri, name }, blanks) {
    const body = { uri, name: Object.keys(blanks).length ? `${name} ${Object.values(blanks).join(" ")}` : name, arguments: blanks };
    this.composer.files.take(name, () => api(`/api/mcp/servers/${server.id}/files`, { body }));
  }

  // The blanks of a prompt, or of the address of a resource.
  fill(anchor, kind, server, item) {
    const key = `${server.id} ${item.uri ?? item.name}`;
    const values = this.kept.get(key) ?? {};
    this.kept.set(key, values);
    const place = this.composer.data.place;
    const panel = new Panel(this.composer, anchor, item.title ?? item.name);
    const form = h("form", { class: "blanks" }, h("div", { class: "title" }, item.title ?? item.name), h("div", { class: "about" }, [server.name, item.about].filter(Boolean).join(" \u00b7 ")));
    item.arguments.forEach((blank, at) => form.append(...this.blank(form, blank, at, values)));
    const said = h("div", { class: "said", role: "status" });
    const go = h("button", { type: "submit", class: "word primary" }, kind.act);
    const back = word("Back", "");
    back.onclick = () => (panel.close(), this.open(anchor, kind));
    form.append(said, h("div", { class: "acts" }, back, go));
    form.onsubmit = async (event) => {
      event.preventDefault();
      const given = Object.fromEntries(item.arguments.map(({ name }) => [name, values[name] ?? ""]).filter(([, value]) => value));
      if (kind === RESOURCES) return panel.close(), this.attach(server, item, given), this.composer.focus();
      go.disabled = true;
      said.className = "said";
      said.textContent = `Asking ${server.name}\u2026`;
      try {
        const { text } = await api(`/api/mcp/servers/${server.id}/prompts/${encodeURIComponent(item.name)}`, { body: { arguments: given } });
        // Whoever has closed it, or gone to another chat, no longer wants it.
        if (!panel.there || this.composer.data.place !== place) return;
        panel.close();
        this.kept.delete(key);
        this.put(text);
      } catch (error) {
        said.className = "said wrong";
        said.textContent = sentence(error);
        if (error.kind === "mcp_sign_in") said.append(" ", signIn(server));
        go.textContent = "Try again";
        go.disabled = false;
      }
    };
    panel.show(form);
    (form.querySelector("textarea") ?? go).focus();
    if (!item.arguments.length) form.requestSubmit();
  }

  blank(form, { name, description, required }, at, values) {
    const area = h("textarea", { id: `blank-${at}`, rows: 1, required, dir: "auto", "aria-describedby": description ? `blank-${at}-about` : null });
    area.value = values[name] ?? "";
    area.oninput = () => {
      values[name] = area.value;
      area.style.height = "auto";
      area.style.height = `${Math.min(area.scrollHeight + 2, 160)}px`;
    };
    area.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    };
    return [h("label", { for: area.id }, name, required ? null : h("span", { class: "about" }, " optional")), area, description ? h("div", { class: "about", id: `blank-${at}-about` }, description) : null].filter(Boolean);
  }

  // Below what is written already.
  put(text) {
    const before = this.composer.area.value.trimEnd();
    this.composer.slash.fill(before ? `${before}\n\n${text}` : text);
  }
}

const signIn = (server) => h("a", { href: `/api/mcp/oauth/start?server=${server.id}`, target: "_self" }, "Sign in");

const RESOURCES = {
  label: "Attach from a server",
  find: "Find a resource",
  act: "Attach resource",
  none: "No resources.",
  ask: async ({ id }) => (await api(`/api/mcp/servers/${id}/resources`, { method: "GET" })).resources.map((one) => ({ ...one, about: one.description || one.uri, icon: one.arguments.length ? "edit_note" : one.mime.startsWith("image/") ? "image" : "description" })),
};
const PROMPTS = {
  label: "Use a prompt of a server",
  find: "Find a prompt",
  act: "Use prompt",
  none: "No prompts.",
  ask: async ({ id }) => (await api(`/api/mcp/servers/${id}/prompts`, { method: "GET" })).prompts.map((one) => ({ ...one, about: one.description, icon: one.arguments.length ? "edit_note" : "short_text" })),
};

// A box in the top layer beside the plus. It closes on Escape and on a click elsewhere.
class Panel {
  constructor(composer, anchor, label) {
    this.anchor = anchor;
    this.box = h("div", { class: "menu offers", role: "dialog", popover: "auto", "aria-label": label });
    this.box.onkeydown = (event) => this.key(event);
    this.box.addEventListener("toggle", ({ newState }) => {
      // A menu that gave way to this box says so only now.
      if (newState === "open") return this.anchor.setAttribute("aria-expanded", "true");
      const { activeElement } = composer.shadow;
      this.close();
      if (!activeElement || this.box.contains(activeElement)) anchor.focus({ preventScroll: true });
    });
    composer.root.querySelector(".menu")?.remove();
    composer.root.append(this.box);
  }

  get there() {
    return this.box.isConnected;
  }

  show(...content) {
    this.box.append(...content);
    this.box.showPopover();
    // Held at the side of the plus: it grows away from it while answers come in.
    const { top, bottom, left } = this.anchor.getBoundingClientRect();
    const above = top > window.innerHeight - bottom;
    this.box.style.left = `${Math.max(8, Math.min(left, window.innerWidth - this.box.offsetWidth - 8))}px`;
    this.box.style[above ? "bottom" : "top"] = `${above ? window.innerHeight - top + 4 : bottom + 4}px`;
    this.box.style.maxHeight = `${Math.min(480, (above ? top : window.innerHeight - bottom) - 12)}px`;
  }

  close() {
    this.anchor.setAttribute("aria-expanded", "false");
    this.box.remove();
  }

  key(event) {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    if (event.key === "Escape") return event.preventDefault(), this.close(), this.anchor.focus({ preventScroll: true });
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const { target } = event;
    if (target.matches("textarea")) return;
    const rows = [...this.box.querySelectorAll(".find, .group button, .group a")];
    if (event.key === "Enter" && target.matches(".find")) return event.preventDefault(), rows.find((row) => row.matches(".entry"))?.click();
    if (!step || !rows.length) return;
    event.preventDefault();
    rows[(rows.indexOf(target) + step + rows.length) % rows.length].focus();
  }
}

// One server in the panel: what it has, or how it is with it.
class Part {
  constructor(server, kind, pick) {
    Object.assign(this, { server, kind, pick, words: "" });
    this.rows = h("div", { class: "rows" });
    this.said = h("div", { class: "said", role: "status" });
    this.place = h("div", { class: "group", role: "group", "aria-label": server.name }, h("div", { class: "heading" }, server.name), this.rows, this.said);
    this.ask();
  }

  async ask() {
    this.items = [];
    this.state = "asking";
    this.draw(this.words);
    try {
      this.items = await this.kind.ask(this.server);
      this.state = "there";
    } catch (error) {
      this.state = "away";
      this.error = error;
    }
    this.draw(this.words);
  }

  draw(words) {
    this.words = words;
    const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.items.filter((item) => parts.every((part) => `${item.title ?? ""} ${item.name} ${item.uri ?? ""} ${item.about} ${this.server.name}`.toLowerCase().includes(part)));
    const most = parts.length ? MOST_ROWS : ROWS;
    this.rows.replaceChildren(...found.slice(0, most).map((item) => this.row(item)));
    const more = found.length - most;
    const said = { asking: "Asking\u2026", away: "", there: more > 0 ? `${more.toLocaleString()} more: type to find them.` : found.length ? "" : this.items.length ? "No match." : this.kind.none }[this.state];
    this.said.className = this.state === "away" ? "said wrong" : "said";
    this.said.hidden = this.state !== "away" && !said;
    if (this.state === "away") this.said.replaceChildren(sentence(this.error), " ", this.error.kind === "mcp_sign_in" ? signIn(this.server) : this.again());
    else if (this.said.textContent !== said) this.said.textContent = said;
  }

  row(item) {
    const row = h("button", { type: "button", class: "entry", title: item.uri ?? null }, icon(item.icon), h("span", { class: "lines" }, h("span", { class: "label" }, item.title ?? item.name), item.about ? h("span", { class: "about" }, item.about) : null));
    row.onclick = () => this.pick(item);
    return row;
  }

  again() {
    const again = h("button", { type: "button", class: "link" }, "Try again");
    again.onclick = () => (this.place.closest(".offers").querySelector(".find").focus(), this.ask());
    return again;
  }
}
