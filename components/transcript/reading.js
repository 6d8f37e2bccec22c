// What a reader does with messages wherever they stand: copy, unfold, look at a diagram's source and at what went into an
// answer, choose among models.
// `state` has shadow, root, data, trigger(event) and say(text).

class Reading {
  constructor(state) {
    this.state = state;
    state.root.addEventListener("click", (event) => this.click(event));
  }

  async copy(button, text) {
    try {
      await copyText(text);
      this.state.say("Copied");
      this.mark(button, true);
    } catch (error) {
      this.state.say(String(error.message));
      this.mark(button, false);
    }
  }

  mark(button, worked) {
    const glyph = button.querySelector(".icon");
    const before = (glyph ?? button).textContent;
    if (button.classList.contains("marked")) return;
    button.classList.add("marked");
    (glyph ?? button).textContent = glyph ? (worked ? "check" : "error") : worked ? "Copied" : "Not copied";
    setTimeout(() => {
      (glyph ?? button).textContent = before;
      button.classList.remove("marked");
    }, 1400);
  }

  flip(button) {
    const figure = button.closest("figure");
    const pre = figure.querySelector("pre");
    pre.hidden = !pre.hidden;
    figure.querySelector(".drawing").hidden = !pre.hidden;
    button.textContent = pre.hidden ? "Source" : "Diagram";
    button.setAttribute("aria-pressed", String(!pre.hidden));
  }

  unfold(button, article) {
    const open = article.parts.body.classList.toggle("open");
    button.textContent = open ? "Show less" : "Show all";
    button.setAttribute("aria-expanded", String(open));
  }

  // What is done with what went into an answer; `send` names the message.
  given(article, button, send) {
    const { item, chat } = button.dataset;
    return {
      ...askActs(button, send, this.state.shadow),
      "retry-call": () => ((button.disabled = true), send("retry-call", { call: button.dataset.again })),
      source: () => this.source(article, button, send),
      "all-sources": () => (button.parentElement.classList.add("all"), button.parentElement.querySelectorAll(".source")[SHOWN_SOURCES].focus()),
      "memory-wrong": () => ((button.disabled = true), send("memory-wrong", { fact: item })),
      "open-page": () => send("open-page", { page: button.dataset.page, query: Object.fromEntries(new URLSearchParams(button.dataset.query)) }),
      "open-fact": () => send("open-fact", { fact: item }),
      "open-message": () => send("open-message", { conversation: chat, to: item }),
    };
  }

  // Of a citation the number is known, of a chip its place among the sources.
  source(article, button, send) {
    const { at, number } = button.dataset;
    const found = article.view.sources.find((source) => (at === undefined ? source.number === Number(number) : source.at === Number(at)));
    if (!found) return;
    tell("hub:source", { key: `${article.view.id}:${found.at}`, title: found.title, place: found.place, number: found.number, opener: button });
    send("source", { at: found.at });
  }

  // Every model that may be asked, recent ones first; the list is only fetched when it is wanted.
  async models(button, onPick, heading = "Answer with", more = {}) {
    let known;
    try {
      known = await api("/api/models", { method: "GET" });
    } catch (error) {
      return tell("hub:problem", { text: `The models could not be listed. ${error.message}` });
    }
    const rank = new Map(this.state.data.recent.map((id, at) => [id, at - 1e6]));
    const place = (model, at) => rank.get(model.id) ?? (model.favourite ? at - 1e5 : at);
    const ordered = known.map((model, at) => [place(model, at), model]).sort(([one], [other]) => one - other);
    const items = ordered.map(([, model]) => ({ label: model.alias || model.title || model.name, about: model.connection_name, icon: "", id: model.id }));
    openMenu(this.state.shadow, button, [{ heading }, ...items], onPick, { label: "Models", find: "Find a model", ...more });
  }
}
