// What a person does with columns and answers: by button, menu and key.

// What is done with the chat that a comparison is.
const CHAT_ACTS = [{ icon: "edit", label: "Rename", act: "rename" }, { icon: "delete", label: "Delete with its chat", act: "delete", danger: true }];

class PaneActions extends Reading {
  click(event) {
    const button = event.target.closest("[data-act]");
    if (!button?.dataset.act || button.disabled) return;
    // A link opens here; with a key held, or the wheel, the browser does as always.
    if (button.matches("a") && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    if (button.matches("a")) event.preventDefault();
    this.act(button.dataset.act, button);
  }

  // What a button is about; its place may be drawn anew while the menu that it opened stands there.
  about(button) {
    return { article: button.closest("article") ?? this.state.articles.get(button.dataset.message), pane: button.closest(".pane")?.pane, merge: button.closest(".merge")?.dataset.merge };
  }

  act(name, button, about = this.about(button)) {
    const board = this.state;
    const { article, pane, merge } = about;
    const send = (kind, more = {}) => board.trigger({ kind, ...(pane ? { pane: pane.id } : {}), ...more });
    const acts = {
      retry: () => (merge ? send("retry-merge", { merge }) : send("retry")),
      menu: () => openMenu(board.shadow, button, pane.menu(), (item) => this.act(item.act, button, about), { label: `Actions of ${pane.name}` }),
      "other-model": () => this.models(button, ({ id }) => send("swap", { model: id }), `Use in place of ${pane.name}`),
      "add-pane": () => this.models(button, ({ id }) => send("add", { model: id }), "Add a column with"),
      "stop-pane": () => this.stopPane(pane, button),
      "stop-all": () => this.stopAll(button),
      difference: () => this.difference(pane, button, send),
      copy: () => this.copy(button, article.view.text),
      "copy-last": () => this.copy(button, pane.last.view.text),
      "copy-code": () => this.copy(button, button.closest("figure").querySelector("pre").textContent),
      "diagram-source": () => this.flip(button),
      unfold: () => this.unfold(button, article),
      ...this.given(article, button, (kind, more) => send(kind, { message: article.view.id, ...more })),
      trace: () => send("open-page", { page: "trace", query: { m: pane.last.view.id } }),
      "what-went-in": () => send("what-went-in", { message: article.view.id }),
      sync: () => board.scrolling.toggle(),
      "add-to-set": () => send("add-to-set", { message: pane.last.view.id }),
      evaluate: () => send("evaluate", { members: this.members() }),
      new: () => send("new", this.lineup()),
      rename: () => send("rename", this.chat()),
      delete: () => send("delete", this.chat()),
      earlier: () => ((button.disabled = true), board.trigger({ kind: "earlier" })),
      "edit-waiting": () => this.takeBack(pane, button, true),
      "drop-waiting": () => this.takeBack(pane, button, false),
      more: () => openMenu(board.shadow, button, this.more(), (item) => this.act(item.act, button)),
    };
    (acts[name] ?? (() => send(name)))();
  }

  more() {
    const names = this.state.data.veiled ? [{ icon: "visibility", label: "Show names without a vote", act: "reveal" }, "-"] : [];
    return [...names, { icon: "group_add", label: "Save as team", act: "save-team" }, ...(this.state.data.veiled ? [] : [{ icon: "labs", label: "Evaluate these models", act: "evaluate" }]), { icon: "add_column_right", label: "New comparison", act: "new" }, "-", ...CHAT_ACTS];
  }

  members() {
    return [...this.state.panes.values()].map(({ view }) => ({ model: view.model, params: view.params }));
  }

  // A new comparison begins with the models of this one, as far as they are known.
  lineup() {
    const { veiled, blind } = this.state.data;
    return veiled ? {} : { members: this.members(), blind };
  }

  chat() {
    const { conversation, title } = this.state.data;
    return { conversation, title };
  }

  // The other column of a word by word comparison: with two columns there is only one.
  difference(pane, button, send) {
    const others = [...this.state.panes.values()].filter((one) => one !== pane && one.last);
    const open = (other) => send("difference", { with: other });
    if (others.length === 1) return open(others[0].id);
    const items = others.map((one) => ({ label: one.name, about: String(one.view.letter || one.place), id: one.id }));
    openMenu(this.state.shadow, button, [{ heading: "Compare text with" }, ...items], ({ id }) => open(id), { label: "Compare text with" });
  }

  // A question that is edited goes back into the message box, for its own column alone.
  takeBack(pane, button, edit) {
    const entry = pane.view.waiting.find(({ id }) => id === button.dataset.waiting);
    tell("hub:unqueue", { entry, edit, whom: pane.id });
  }

  async stopPane(pane, button) {
    button.disabled = true;
    await this.stop([`/api/comparisons/${this.state.home}/panes/${pane.id}/stop`]);
    button.disabled = false;
  }

  async stopAll(button) {
    button.disabled = true;
    await this.stop([...this.state.runs.keys()].map((run) => `/api/runs/${run}/cancel`));
    button.disabled = false;
  }

  async stop(addresses) {
    try {
      await Promise.all(addresses.map((address) => api(address)));
    } catch (error) {
      tell("hub:problem", { text: `It could not be stopped. ${error.message}` });
    }
  }

  // Votes by key, wherever nothing is typed.
  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const [target] = event.composedPath();
    if (target.matches?.('input, textarea, select, [contenteditable="true"]') || document.querySelector('[role="dialog"]') || this.state.shadow.querySelector(".menu")) return;
    if (this.state.votes.key(event)) event.preventDefault();
  }

  // What the palette can do here.
  offers() {
    const board = this.state;
    if (!board.panes.size || !board.data.comparison) return [];
    const offer = (title, icon, act) => ({ title, icon, find: "compare columns", run: () => board.trigger({ kind: act, ...(act === "new" ? this.lineup() : {}) }) });
    return [offer("New comparison", "add_column_right", "new"), offer("Save these models as a team", "group_add", "save-team"), { title: "Scroll columns together, or each by itself", icon: "sync_alt", find: "compare sync", run: () => board.scrolling.toggle() }];
  }
}
