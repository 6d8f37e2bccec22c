// The panel of one cell: what was asked and answered, what the checks and the judge say, what a person marks.

class CellPanel extends SidePanel {
  constructor(grid) {
    super(grid.shadow, "Answer");
    this.grid = grid;
    this.index = null;
    this.place = h("p", { class: "place" });
    this.content = h("div", { class: "content", tabindex: "0", "aria-label": "Answer" });
    this.foot = h("footer", {});
    const [back, next, close] = [tool("keyboard_arrow_up", "Previous row (K)", "back"), tool("keyboard_arrow_down", "Next row (J)", "next"), tool("close", "Close answer (Esc)", "close")];
    back.onclick = () => grid.step(-1);
    next.onclick = () => grid.step(1);
    close.onclick = () => this.close();
    this.box.append(h("header", {}, h("div", { class: "row" }, this.title, h("span", { class: "steps" }, back, next), close), this.place), this.content, this.foot);
    document.addEventListener("keydown", (event) => this.letter(event), { signal: this.stop.signal });
  }

  left() {
    this.index = null;
    this.grid.opened(null);
  }

  async open_(index, opener) {
    this.opener = opener ?? this.opener;
    const fresh = index !== this.index;
    this.index = index;
    if (fresh && !this.open) {
      this.title.textContent = "Answer";
      this.place.textContent = " ";
      this.content.replaceChildren(h("div", { class: "waiting", role: "status", "aria-label": "Opening the answer" }, ...[92, 100, 84, 96, 60].map((share) => h("span", { style: `width:${share}%` }))));
      this.foot.replaceChildren();
    }
    this.show();
    let found;
    try {
      found = await this.grid.wire.cell(index);
    } catch (error) {
      if (this.index === index) this.content.replaceChildren(note("error", `${error.message} ${error.hint ?? ""}`.trim(), "bad"));
      return;
    }
    if (this.index === index) this.fill(found, fresh);
  }

  fill(cell, fresh) {
    const column = this.grid.data.columns[cell.column];
    this.cell = cell;
    this.title.replaceChildren(column.label);
    this.title.title = column.label;
    this.place.textContent = [column.about, `Row ${number(cell.row + 1)}`, ...cell.facts].filter(Boolean).join(" · ");
    const parts = [this.repeats(cell), this.trouble(cell), ...this.talk(cell), this.verdicts(cell), this.expected(cell), this.request(cell), this.ways(cell)];
    this.content.replaceChildren(...parts.filter(Boolean));
    this.foot.replaceChildren(this.marking(cell));
    if (fresh) this.content.scrollTop = 0;
  }

  repeats({ repeats, index }) {
    if (repeats.length < 2) return null;
    const buttons = repeats.map((one, at) => {
      const [sign, label] = VERDICTS[verdict(one)];
      const button = h("button", { type: "button", class: `repeat-tab ${verdict(one)}`, "aria-pressed": String(one.index === index), "aria-label": `Repeat ${at + 1}: ${label}` }, icon(sign), String(at + 1));
      button.onclick = () => this.grid.open(one.index);
      return button;
    });
    return h("div", { class: "views", role: "group", "aria-label": "Repeats" }, ...buttons);
  }

  trouble({ error, status }) {
    if (status === "queued") return note("schedule", "Not answered yet.");
    return error ? note("error", [error.message, error.hint].filter(Boolean).join(" "), "bad") : null;
  }

  talk({ turns, system, reasoning }) {
    const parts = system ? [fold("System prompt", h("div", { class: "typed" }, system))] : [];
    for (const [at, turn] of turns.entries()) {
      const asked = h("div", { class: "asked typed", dir: "auto" }, turn.asked);
      const answer = turn.html === null ? null : h("div", { class: "body", dir: "auto" });
      if (answer) answer.innerHTML = turn.html || '<p class="quiet">The answer is empty.</p>';
      parts.push(h("section", { class: "turn" }, h("h3", {}, turns.length > 1 ? `Turn ${at + 1}` : "Prompt"), asked, answer ? h("h3", {}, "Answer") : null, answer));
    }
    if (reasoning) parts.push(fold("Reasoning", h("div", { class: "typed" }, reasoning)));
    return parts;
  }

  verdicts({ verdicts }) {
    if (!verdicts.length) return null;
    const lines = verdicts.map((one) => {
      const kind = one.passed === null ? "open" : one.passed ? "pass" : "fail";
      const [sign, label] = VERDICTS[kind];
      const score = one.score === null ? "" : one.score.toFixed(2);
      const more = one.raw || one.prompt ? fold("What the judge was asked and said", h("h4", {}, "Prompt"), h("pre", {}, one.prompt), h("h4", {}, "Answer"), h("pre", {}, one.raw)) : null;
      return h("li", { class: kind }, h("div", { class: "check" }, h("span", { class: "verdict" }, icon(sign), h("span", { class: "sr" }, label)), h("b", {}, one.name), h("span", { class: "spacer" }), h("span", { class: "small" }, score)), one.reason || one.error ? h("p", {}, one.error || one.reason) : null, one.agrees ? h("p", { class: "agrees" }, icon("balance"), `${one.agrees}`) : null, more);
    });
    return h("section", {}, h("h3", {}, "Checks"), h("ul", { class: "checks" }, ...lines));
  }

  expected({ expected }) {
    return expected ? h("section", {}, h("h3", {}, "Expected"), h("div", { class: "typed asked", dir: "auto" }, expected)) : null;
  }

  request({ request }) {
    return request ? fold("Request", h("pre", {}, JSON.stringify(request, null, 2))) : null;
  }

  ways(cell) {
    if (cell.status !== "done") return null;
    const copy = word("Copy answer", "copy");
    copy.onclick = async () => {
      await copyText(cell.text);
      copy.textContent = "Copied";
    };
    const chat = word("Open in chat", "chat");
    chat.onclick = () => this.grid.send({ do: "chat", index: cell.index });
    const add = word("Add to prompt set", "add");
    add.onclick = () => this.grid.send({ do: "add", index: cell.index });
    return h("div", { class: "ways" }, copy, chat, add);
  }

  marking({ mark, status }) {
    if (status === "queued") return "";
    const button = (passed, sign, label, key) => {
      const chosen = mark?.passed === passed;
      const made = h("button", { type: "button", class: `word mark ${passed ? "pass" : "fail"}`, "aria-pressed": String(chosen), title: chosen ? "Take the mark back" : `${label} (${key})` }, icon(sign), label, h("kbd", {}, key));
      made.onclick = () => this.mark(chosen ? null : passed);
      return made;
    };
    this.note = h("input", { type: "text", class: "note-field", placeholder: "Why? (optional)", "aria-label": "Note to the mark", maxlength: "2000", value: mark?.note ?? "" });
    this.note.onkeydown = (event) => event.key === "Enter" && mark && this.mark(mark.passed);
    this.note.onchange = () => mark && this.mark(mark.passed);
    return h("div", { class: "marking" }, button(true, "check", "Pass", "P"), button(false, "close", "Fail", "F"), this.note);
  }

  async mark(passed) {
    const { index } = this;
    try {
      await this.grid.wire.mark(index, passed, this.note?.value ?? "");
    } catch (error) {
      return this.foot.append(note("error", `The mark is not stored. ${error.message}`, "bad"));
    }
    await this.grid.marked(index);
  }

  // P and F mark what is open, J and K lead to the rows around it.
  letter(event) {
    if (!this.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0];
    if (target instanceof Element && target.closest("input, textarea, select, [contenteditable]")) return;
    const act = { p: () => this.mark(true), f: () => this.mark(false), j: () => this.grid.step(1), k: () => this.grid.step(-1) }[event.key.toLowerCase()];
    if (!act || (this.cell?.status === "queued" && "pf".includes(event.key.toLowerCase()))) return;
    event.preventDefault();
    act();
  }
}

const note = (sign, text, tone = "") => h("p", { class: `notice ${tone}`, role: tone ? "alert" : null }, icon(sign), h("span", {}, text));
const fold = (title, ...content) => h("details", {}, h("summary", {}, title), ...content);
