// What a person does with a message: buttons, menus, editing in place.

const FEEDBACK = ["Not correct", "Not what I asked", "Too long", "Too short", "Refused needlessly"];

function menuItems(view) {
  const shared = [
    ...(view.role === "system" || !view.text ? [] : [{ icon: "dataset", label: "Add to prompt set", act: "add-to-set" }]),
    { icon: "fork_right", label: "Fork from here", act: "fork" },
    { icon: "account_tree", label: "Fork with all branches", act: "fork-whole" },
    { icon: "add_comment", label: "Add message after", act: "add" },
    "-",
    { icon: "delete", label: "Delete message", act: "delete", danger: true },
  ];
  if (view.role === "system") return shared;
  if (view.role === "user")
    return [{ icon: "reply", label: "Get an answer", act: "retry" }, { icon: "model_training", label: "Ask another model", act: "other-model" }, "-", ...shared];
  return [
    { icon: "model_training", label: "Regenerate with another model", act: "other-model" },
    ...(view.text ? [{ icon: "resume", label: "Continue", act: "continue" }] : []),
    { icon: "edit", label: "Edit", act: "edit" },
    "-",
    { icon: "markdown", label: "Copy as Markdown", act: "copy" },
    { icon: "notes", label: "Copy as text", act: "copy-plain" },
    { icon: "thumb_up", label: "Good answer", act: "good" },
    { icon: "thumb_down", label: "Bad answer", act: "bad" },
    { icon: "data_object", label: "Show what went in", act: "what-went-in" },
    ...(view.facts.length ? [{ icon: "timeline", label: "Show trace", act: "trace" }] : []),
    { icon: "compare", label: "Compare with other models", act: "compare" },
    "-",
    ...shared,
  ];
}

const LAST = [
  { act: "copy", title: "Copy the last answer", icon: "content_copy", keys: "Ctrl+Shift+C" },
  { act: "retry", title: "Answer again", icon: "refresh", keys: "Ctrl+Shift+Enter", find: "regenerate retry" },
];

class Actions extends Reading {
  click(event) {
    const button = event.target.closest("[data-act]");
    if (!button || button.disabled) return;
    const article = button.closest("article");
    if (button.matches("a")) {
      // A link opens here; with a key held, or the wheel, the browser does as always.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
    }
    this.act(button.dataset.act, article, button);
  }

  // The last answer by keyboard. An open editor keeps its keys.
  key(event) {
    if (!event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    const act = { KeyC: "copy", Enter: "retry" }[event.code];
    const last = act && this.last(act);
    if (!last || document.querySelector('[role="dialog"]') || this.state.root.querySelector(".editor")) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(act, ...last);
  }

  // What the palette can do with the last answer.
  offers() {
    const [last] = this.last("copy") ?? [];
    const trace = last?.view.facts.length ? [{ act: "trace", title: "Trace of the last answer", icon: "timeline", find: "steps timeline prompts cost", run: () => this.act("trace", last) }] : [];
    return [...trace, ...LAST.filter(({ act }) => this.last(act)).map((offer) => ({ ...offer, run: () => this.act(offer.act, ...this.last(offer.act)) }))];
  }

  // The last answer and its button for `act`; null while it has none.
  last(act) {
    const article = [...this.state.list.querySelectorAll("article.assistant")].at(-1);
    const button = article?.querySelector(`.tools [data-act="${act}"]`);
    return button ? [article, button] : null;
  }

  act(name, article, button) {
    const view = article?.view;
    const send = (kind, more = {}) => this.state.trigger({ kind, message: view?.id, ...more });
    const acts = {
      copy: () => this.copy(button, view.text),
      "copy-plain": () => this.copy(button, article.parts.body.innerText),
      "copy-code": () => this.copy(button, button.closest("figure").querySelector("pre").textContent),
      "diagram-source": () => this.flip(button),
      unfold: () => this.unfold(button, article),
      menu: () => openMenu(this.state.shadow, button, menuItems(view), (item) => this.act(item.act, article, button)),
      "other-model": () => this.models(button, ({ id }) => send("regenerate", { model: id })),
      branch: () => send("branch", { to: view.siblings[view.index + Number(button.dataset.step)] }),
      edit: () => this.edit(article, { text: view.text, save: "edit", resend: view.role === "user" }),
      "edit-summary": () => this.edit(article, { text: view.summary.text, save: "edit-summary", frame: article.querySelector(".summary"), label: "Summary" }),
      delete: () => (this.returnFocus(article), send("delete")),
      "what-went-in": () => (this.returnFocus(article), send("what-went-in")),
      ...this.given(article, button, send),
      trace: () => send("open-page", { page: "trace", query: { m: view.id } }),
      add: () => this.edit(article, { text: "", save: "add", place: article.parts.after, roles: true }),
      fork: () => send("fork", { whole: false }),
      "fork-whole": () => send("fork", { whole: true }),
      good: () => send("feedback", { value: view.feedback?.value === "good" ? null : "good", reason: "" }),
      bad: () => this.reason(article, button),
      retry: () => send("regenerate", { model: null }),
      earlier: () => this.state.askEarlier(button),
      jump: () => (this.state.data.later ? send("latest") : this.state.toBottom(true)),
      starter: () => tell("hub:prompt", { text: button.dataset.text, send: !button.dataset.text.endsWith("\n") }),
    };
    (acts[name] ?? (() => send(name)))();
  }

  // Streamlit's dialogs give the focus back to the page, not to what is inside a component, and at a moment of their own.
  returnFocus(article) {
    let seen = false;
    this.dialogs?.disconnect();
    const watch = (this.dialogs = new MutationObserver(() => {
      const open = document.querySelector('[data-testid="stDialog"]');
      seen ||= Boolean(open);
      if (open || !seen) return;
      watch.disconnect();
      for (const wait of [0, 100, 300]) setTimeout(() => document.activeElement === document.body && this.state.focus(article), wait);
    }));
    watch.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => seen || watch.disconnect(), 5000);
  }

  reason(article, button) {
    const view = article.view;
    if (view.feedback?.value === "bad") return this.state.trigger({ kind: "feedback", message: view.id, value: null, reason: "" });
    const send = (reason) => this.state.trigger({ kind: "feedback", message: view.id, value: "bad", reason });
    const items = [{ heading: "What was wrong?" }, ...FEEDBACK.map((label) => ({ label, icon: "" })), "-", { label: "Write a reason", icon: "edit", own: true }, { label: "No reason", icon: "" , none: true }];
    openMenu(this.state.shadow, button, items, (item) => {
      if (item.own) this.edit(article, { text: "", save: "bad", place: article.parts.after, label: "Why was this a bad answer?" });
      else send(item.none ? "" : item.label);
    }, { label: "Reason" });
  }

  // A text field in place of the body of `frame` (the message, or its summary), or in `place` below it. Escape leaves,
  // Ctrl+Enter saves.
  edit(article, { text, save, resend = false, frame = article, place = null, roles = false, label = "" }) {
    this.state.root.querySelector(".editor .cancel")?.click();
    const view = article.view;
    const area = h("textarea", { dir: "auto", "aria-label": label || "Message text", placeholder: label || (roles ? "Write a message; nothing is asked" : null) });
    area.value = text;
    const role = roles ? h("select", { "aria-label": "Who says it" }, h("option", { value: "user" }, "You"), h("option", { value: "assistant" }, "Assistant"), h("option", { value: "system" }, "System")) : null;
    const primary = h("button", { type: "button", class: "word primary" }, resend ? "Save and send" : save === "add" ? "Add message" : save === "bad" ? "Send reason" : "Save");
    const plain = resend ? h("button", { type: "button", class: "word" }, "Save") : null;
    const cancel = h("button", { type: "button", class: "word cancel" }, "Cancel");
    const editor = h("div", { class: "editor" }, area, h("div", { class: "actions" }, role, h("span", { class: "spacer" }), cancel, plain, primary));
    const close = () => {
      frame.classList.remove("editing");
      editor.remove();
      frame.querySelector('[data-act="edit"], [data-act="edit-summary"], [data-act="menu"]')?.focus({ preventScroll: true });
    };
    const done = (again) => {
      if (!area.value.trim() && save !== "bad") return area.focus();
      const detail = { message: view.id, text: area.value };
      if (save === "edit") this.state.trigger({ kind: "edit", ...detail, resend: resend && again });
      else if (save === "add") this.state.trigger({ kind: "add", ...detail, role: role.value });
      else if (save === "bad") this.state.trigger({ kind: "feedback", message: view.id, value: "bad", reason: area.value.trim() });
      else this.state.trigger({ kind: "edit-summary", ...detail });
      close();
    };
    primary.onclick = () => done(true);
    if (plain) plain.onclick = () => done(false);
    cancel.onclick = close;
    const fit = () => {
      area.style.height = "auto";
      area.style.height = `${Math.min(area.scrollHeight + 2, window.innerHeight * 0.6)}px`;
    };
    area.oninput = fit;
    area.onkeydown = (event) => {
      event.stopPropagation();
      if (event.isComposing) return;
      if (event.key === "Escape") close();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) done(true);
    };
    if (place) place.append(editor);
    else {
      frame.classList.add("editing");
      frame.querySelector(":scope > .body").before(editor);
    }
    fit();
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }
}
