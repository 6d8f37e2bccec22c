// The composer: text and files of the next message, sent by our own API so that nothing waits for a page run.

class Composer {
  constructor(shadow) {
    this.shadow = shadow;
    this.root = shadow.querySelector(".root");
    this.area = this.root.querySelector("textarea");
    this.running = [];
    this.recalled = -1;
    this.sentTexts = [];
    this.files = new Files(this);
    this.slash = new Slash(this);
    this.servers = new Servers(this);
    this.shelf = new Shelf(this);
    this.whom = new Whom(this);
    this.listen();
  }

  listen() {
    this.stop = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.stop.signal });
    on(this.area, "input", () => this.typed());
    on(this.area, "keydown", (event) => this.key(event));
    on(this.area, "paste", (event) => this.paste(event));
    on(this.root, "click", (event) => this.click(event));
    on(window, "hub:running", ({ detail }) => this.setRunning(detail.runs));
    on(window, "hub:problem", ({ detail }) => this.problem(detail.text));
    on(window, "hub:focus", () => this.focus());
    on(window, "hub:unqueue", ({ detail }) => this.takeBack(detail));
    on(window, "hub:prompt", ({ detail }) => this.prompt(detail));
    on(window, "hub:offers", ({ detail }) => detail.push(...this.offers()));
    on(window, "pagehide", () => this.saveDraft());
    on(document, "hub:model", ({ detail }) => this.pick(detail));
    on(window, "online", () => this.problem(null));
    on(document, "keydown", (event) => this.pageKey(event));
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) on(window, name, (event) => this.drag(event));
  }

  close() {
    this.saveDraft();
    this.stop.abort();
    clearTimeout(this.draftTimer);
    clearTimeout(this.estimateTimer);
  }

  // ---- what Python says

  update({ data, setTriggerValue }) {
    const place = this.data?.place;
    const about = ({ model, turn, params, system_prompt } = {}) => JSON.stringify([model?.id, turn, params, system_prompt]);
    const before = about(this.data);
    data = this.data = this.withPicked(data);
    this.event = (value) => setTriggerValue("event", value);
    if (place !== data.place) this.move(place, data.place);
    if (data.running.length) this.setRunning(data.running);
    else if (!this.sending && !this.mine) this.setRunning([]);
    this.area.placeholder = window.innerWidth < 640 ? data.placeholder.split(",")[0] : data.placeholder;
    this.servers.update(data);
    this.shelf.update(data);
    this.whom.update(data);
    this.drawQueue();
    this.draw();
    if (place !== data.place || before !== about(data)) this.estimateSoon(0);
  }

  // A model that was just picked is the one that is asked, also before the page has heard of it.
  pick({ id, label }) {
    if (!this.data.model) return;
    this.picked = { id, label, before: this.data.model.id, until: performance.now() + 10_000 };
    this.data = this.withPicked(this.data);
    this.estimateSoon(0);
  }

  withPicked(data) {
    const picked = this.picked;
    if (picked && data.model?.id === picked.before && performance.now() < picked.until)
      return { ...data, model: { id: picked.id, label: picked.label, vision: null } };
    this.picked = null;
    return data;
  }

  // Another conversation: its own draft. A new chat that was just stored keeps what is being typed.
  move(from, to) {
    if (from !== undefined && from === this.renamed?.from && to === this.renamed.to) {
      this.renamed = null;
      return this.saveDraft();
    }
    if (from !== undefined) this.saveDraft(from);
    this.problem(null);
    const draft = this.readDraft(to);
    this.recalled = -1;
    this.whom.all();
    this.mine = null;
    this.local = [];
    this.files.set(draft.files);
    this.set(draft.text);
    // Whoever writes elsewhere by now, as in the list of models, is left to it.
    if (!focused().matches("input, textarea, select")) this.focus();
  }

  // On a phone the focus would open the keyboard.
  focus() {
    if (!matchMedia("(hover: none)").matches) this.area.focus({ preventScroll: true });
  }

  // ---- drafts: kept in this browser until the hub has taken the message

  draftKey(place) {
    return `hub.draft.${this.data.person}.${place.startsWith("new") ? "new" : place}`;
  }

  readDraft(place) {
    try {
      const { text = "", files = [] } = JSON.parse(localStorage.getItem(this.draftKey(place)) ?? "{}");
      return { text, files };
    } catch {
      return { text: "", files: [] };
    }
  }

  saveDraft(place = this.data?.place) {
    clearTimeout(this.draftTimer);
    if (!place || this.sending) return;
    const files = this.files.ready.map(({ id, name, size, mime, kind, how, tokens, warning }) => ({ id, name, size, mime, kind, how, tokens, warning, state: "ready" }));
    try {
      if (this.area.value || files.length) localStorage.setItem(this.draftKey(place), JSON.stringify({ text: this.area.value, files }));
      else localStorage.removeItem(this.draftKey(place));
    } catch {
      this.problem("This browser keeps no drafts: its storage is full or switched off.");
    }
  }

  // ---- typing

  set(text) {
    this.area.value = text;
    this.typed();
  }

  typed() {
    this.fit();
    this.slash.update(this.area.value);
    this.changed();
  }

  changed() {
    clearTimeout(this.draftTimer);
    this.draftTimer = setTimeout(() => this.saveDraft(), 250);
    this.draw();
    this.estimateSoon(400);
  }

  fit() {
    this.area.style.height = "auto";
    this.area.style.height = `${Math.min(this.area.scrollHeight, Math.max(120, window.innerHeight * 0.4))}px`;
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (this.slash.key(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    // What is typed here is not a shortcut of the page.
    if (!event.ctrlKey && !event.metaKey && !event.altKey && event.key !== "Escape") event.stopPropagation();
    if (event.key === "Enter" && this.sends(event)) {
      event.preventDefault();
      this.send(event.altKey ? "interrupt" : undefined);
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && (!this.area.value || this.recalled >= 0)) this.recall(event);
    else if (event.key.length === 1) this.recalled = -1;
  }

  sends(event) {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    return this.data.enter_sends ? !event.shiftKey : modified;
  }

  recall(event) {
    const texts = [...this.data.recall, ...this.sentTexts];
    const next = this.recalled + (event.key === "ArrowUp" ? 1 : -1);
    if (next >= texts.length || next < -1) return;
    event.preventDefault();
    this.set(next === -1 ? "" : texts[texts.length - 1 - next]);
    this.recalled = next;
  }

  pageKey(event) {
    if (event.defaultPrevented) return;
    if (event.key === "Escape" && event.shiftKey) this.area.focus();
    else if (event.key === "Escape" && this.running.length && !document.querySelector('[role="dialog"]') && !event.composedPath().some((node) => node.popover || node.classList?.contains("editor"))) this.cancel();
  }

  paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.files.add(files);
  }

  drag(event) {
    if (!event.dataTransfer?.types?.includes("Files")) return;
    event.preventDefault();
    if (event.type === "dragenter") this.over = (this.over ?? 0) + 1;
    if (event.type === "dragleave") this.over = Math.max(0, (this.over ?? 0) - 1);
    if (event.type === "drop") {
      this.over = 0;
      this.files.add([...event.dataTransfer.files]);
    }
    this.root.querySelector(".box").classList.toggle("over", this.over > 0);
  }

  prompt({ text, send }) {
    this.set(text);
    this.area.focus();
    if (send) this.send();
  }

  // What the palette can do here.
  offers() {
    const stop = { title: "Stop the answer", icon: "stop_circle", keys: "Esc", run: () => this.cancel() };
    const icons = { compact: "compress", export: "download" };
    const commands = this.data.conversation ? this.data.commands.filter(({ name }) => name in icons) : [];
    return [...(this.running.length ? [stop] : []), ...commands.map(({ name, about }) => ({ title: about, icon: icons[name], find: name, deep: true, run: () => this.event({ kind: "command", name, argument: "" }) }))];
  }

  click(event) {
    const button = event.target.closest("[data-act]");
    if (!button) {
      if (event.target.closest(".box") && !event.target.closest("button")) this.area.focus();
      return;
    }
    const acts = { whom: () => this.whom.open(), attach: () => this.shelf.open(button), send: () => this.send(), stop: () => this.cancel(), interrupt: () => this.send("interrupt") };
    acts[button.dataset.act]?.();
  }

  // ---- sending

  async send(when) {
    const text = this.area.value;
    // The last message is still on its way to the hub: this one goes when it has arrived.
    if (this.sending) return (this.next = true);
    if (!text.trim() && !this.files.ready.length) return;
    const command = this.slash.command(text);
    if (command) return this.set(""), this.event(command);
    if (this.files.busy) return this.problem("A file is still being uploaded. Send again when it is there.");
    if (this.files.failed) return this.problem("A file could not be taken. Remove it or try it again, then send.");
    const how = this.running.length ? when ?? this.data.when_running : "now";
    const message = { local: `local-${Date.now()}-${Math.random().toString(36).slice(2)}`, text, files: this.files.ready, place: this.data.place, model: this.data.model?.label, whom: this.whom.chosen, attached: this.shelf.kept };
    const asks = this.asks(message, how);
    if (asks.problem) return this.problem(asks.problem);
    if (how !== "queue") tell("hub:sending", message);
    this.sending = message;
    this.problem(null);
    this.clear();
    try {
      this.accept(message, await api(asks.address, { body: asks.body }));
    } catch (error) {
      this.restore(message, error);
    }
  }

  // What is sent, and where to. A part of the page that is no chat puts its own in place, or says what is missing.
  asks(message, when) {
    const asks = { message, address: "/api/runs", body: null, problem: null };
    tell("hub:asks", asks);
    if (asks.body || asks.problem) return asks;
    if (!this.data.model) return { ...asks, problem: "Choose a model first; nothing was sent." };
    return { ...asks, body: this.request(message, when) };
  }

  request({ text, files }, when) {
    const { conversation, model, params, temporary, parent, system_prompt, project } = this.data;
    return { conversation: this.renamed?.to ?? conversation, parent, text, files: files.map(({ id }) => id), targets: [{ model: model.id, params }], when, temporary, system_prompt, project, attached: conversation ? {} : this.shelf.kept };
  }

  clear() {
    this.area.value = "";
    this.files.set([]);
    this.recalled = -1;
    this.whom.all();
    this.fit();
    this.slash.close();
    this.draw();
  }

  accept(message, answer) {
    this.sending = null;
    this.sentTexts.push(message.text);
    const home = answer.comparison ?? answer.conversation;
    if (!this.data.conversation) this.renamed = { from: this.data.place, to: home };
    if (message.place !== this.data.place) localStorage.removeItem(this.draftKey(message.place));
    else {
      localStorage.removeItem(this.draftKey(message.place));
      this.saveDraft();
    }
    if (answer.queued) {
      this.local = [...(this.local ?? []), { id: answer.queued, text: message.text }];
      this.drawQueue();
    } else {
      if (answer.run) {
        this.mine = answer.run;
        this.setRunning([answer.run]);
      }
      tell("hub:accepted", { ...answer, local: message.local });
    }
    if (this.next) {
      this.next = false;
      this.send();
    }
    this.tellPage({ kind: "sent", conversation: home, run: answer.run ?? null, queued: answer.queued ?? null });
  }

  // The page's own run can wait until the answer has begun to show: it would only slow down the first words.
  tellPage(event) {
    const place = this.data.place;
    const once = () => {
      clearTimeout(timer);
      window.removeEventListener("hub:drawn", once);
      if (this.data.place === place) this.event(event);
    };
    const timer = setTimeout(once, event.queued ? 0 : 600);
    window.addEventListener("hub:drawn", once);
  }

  restore(message, error) {
    this.sending = null;
    this.next = false;
    tell("hub:refused", message);
    if (message.place === this.data.place) {
      this.files.set([...message.files, ...this.files.list]);
      this.set(this.area.value ? `${message.text}\n${this.area.value}` : message.text);
    } else localStorage.setItem(this.draftKey(message.place), JSON.stringify({ text: message.text, files: message.files }));
    this.problem([error.message, error.hint].filter(Boolean).join(" "));
    this.area.focus();
  }

  async cancel() {
    this.stopping = true;
    this.draw();
    try {
      await Promise.all(this.running.map((run) => api(`/api/runs/${run}/cancel`)));
    } catch (error) {
      this.problem(`It could not be stopped. ${error.message}`);
    }
    this.stopping = false;
    this.draw();
  }

  setRunning(runs) {
    this.running = runs;
    if (!runs.length) this.mine = null;
    this.draw();
  }

  problem(text) {
    const place = this.root.querySelector(".problem");
    place.hidden = !text;
    place.lastElementChild.textContent = text ?? "";
  }

  draw() {
    if (!this.data) return;
    const empty = !this.area.value.trim() && !this.files.ready.length;
    const running = this.running.length > 0;
    const button = (act) => this.root.querySelector(`[data-act=${act}]`);
    button("stop").hidden = !running;
    button("stop").disabled = Boolean(this.stopping);
    button("interrupt").hidden = !running || empty || this.data.when_running !== "queue";
    button("send").hidden = running && empty;
    button("send").disabled = empty || Boolean(this.sending);
    const label = (running && { queue: "Queue message", interrupt: "Interrupt and send" }[this.data.when_running]) || "Send message";
    button("send").title = label;
    button("send").setAttribute("aria-label", label);
    this.root.querySelector(".images-note").hidden = this.data.model?.vision !== false || !this.files.list.some((file) => file.kind === "image");
  }

  // ---- messages that wait for the running answer

  drawQueue() {
    const known = new Set(this.data.queued.map(({ id }) => id));
    this.local = (this.local ?? []).filter(({ id }) => !known.has(id) && this.running.length);
    const rows = [...this.data.queued, ...this.local];
    this.root.querySelector(".queue").replaceChildren(...rows.map((entry) => {
      const edit = tool("edit", "Edit queued message", "");
      edit.onclick = () => this.unqueue(entry, true);
      const drop = tool("close", "Drop queued message", "");
      drop.onclick = () => this.unqueue(entry, false);
      return h("div", { class: "queued" }, icon("schedule"), h("span", { class: "text", title: entry.text }, entry.text), entry.held ? h("span", { class: "held" }, entry.held) : null, edit, drop);
    }));
  }

  // Editing takes the message back into the field.
  async unqueue(entry, edit) {
    try {
      await api(`/api/queue/${entry.id}`, { method: "DELETE" });
    } catch (error) {
      return this.problem(`${error.message} ${error.hint ?? ""}`);
    }
    this.local = this.local.filter(({ id }) => id !== entry.id);
    this.data.queued = this.data.queued.filter(({ id }) => id !== entry.id);
    this.drawQueue();
    if (edit) {
      this.set(this.area.value ? `${entry.text}\n${this.area.value}` : entry.text);
      this.area.focus();
    }
    this.event({ kind: "unqueued", queued: entry.id });
  }

  // A message that waits elsewhere on the page, for one of those that are asked.
  async takeBack({ entry, edit, whom }) {
    await this.unqueue(entry, edit);
    if (edit) this.whom.only(whom);
  }

  // ---- what the next turn will take

  estimateSoon(wait) {
    clearTimeout(this.estimateTimer);
    this.estimateTimer = setTimeout(() => this.estimate(), wait);
  }

  async estimate() {
    const { conversation, model, params, place, system_prompt } = this.data;
    const files = this.files.ready.map(({ id }) => id);
    const blank = !this.area.value.trim() && !files.length;
    if (!model || (blank && !conversation)) return this.noEstimate();
    const asked = (this.asked = (this.asked ?? 0) + 1);
    let estimate;
    try {
      estimate = await api("/api/estimate", { body: { conversation: this.renamed?.to ?? conversation, text: this.area.value, files, model: model.id, params, system_prompt } });
    } catch {
      // An estimate that cannot be made is left out; sending says what is wrong.
      return this.noEstimate();
    }
    if (asked !== this.asked || place !== this.data.place) return;
    this.showEstimate(estimate, blank);
  }

  noEstimate() {
    for (const name of [".meter", ".fit-note"]) this.root.querySelector(name).hidden = true;
  }

  showEstimate({ tokens, window: size, cost, notes }, blank) {
    const meter = this.root.querySelector(".meter");
    const note = this.root.querySelector(".fit-note");
    const said = notes.join(" ");
    note.hidden = !said;
    if (note.lastElementChild.textContent !== said) note.lastElementChild.textContent = said;
    const share = size ? tokens / size : null;
    const short = (count) => (count >= 1e6 ? `${+(count / 1e6).toFixed(1)}M` : count >= 1000 ? `${+(count / 1000).toFixed(count < 1e4 ? 1 : 0)}k` : String(count));
    const money = cost === null || cost === undefined ? "price unknown" : cost === 0 ? "" : cost < 0.0001 ? "< $0.0001" : `$${cost.toFixed(cost < 0.01 ? 4 : 3)}`;
    meter.hidden = false;
    meter.querySelector(".count").textContent = [`${short(tokens)}${size ? ` of ${short(size)}` : " tokens"}`, blank ? "" : money].filter(Boolean).join(" \u00b7 ");
    meter.title = `The next turn sends about ${tokens.toLocaleString()} tokens${size ? ` of the ${size.toLocaleString()} that the model reads (${Math.round(share * 100)} %)` : "; the size of the model's context is unknown"}.${blank ? "" : cost === null ? " What it costs is unknown." : ` Reading them costs about ${money || "nothing"}; the answer comes on top.`}`;
    meter.setAttribute("aria-label", meter.title);
    const ring = meter.querySelector(".ring");
    ring.hidden = share === null;
    ring.style.setProperty("--share", `${Math.min(100, (share ?? 0) * 100)}%`);
    meter.classList.toggle("full", share > 0.9 || Boolean(said));
  }
}

const composers = new WeakMap();

export default function (component) {
  const { parentElement } = component;
  let composer = composers.get(parentElement);
  if (!composer || !composer.root.isConnected) {
    composer?.close();
    composer = new Composer(parentElement);
    composers.set(parentElement, composer);
  }
  composer.update(component);
  return () => {
    // A call that a newer one overtook while this file loaded is cleaned up too, with the page still standing.
    if (composer.root.isConnected) return;
    composer.close();
    composers.delete(parentElement);
  };
}
