// Which rows are shown: filters, words, pages, and what the columns are compared with.

const FILTERS = [["", "All"], ["differ", "Differ"], ["failed", "Failed"], ["errors", "Errors"], ["regressed", "Regressed"], ["unjudged", "Unjudged"]];

class Filters {
  constructor(grid) {
    this.grid = grid;
    this.first = 0;
    this.size = 50;
    this.only = "";
    this.words = "";
    this.group = h("div", { class: "group", role: "radiogroup", "aria-label": "Rows" }, ...FILTERS.map(([only, label]) => this.filter(only, label)));
    this.field = h("input", { type: "search", class: "search", placeholder: "Search prompts and answers", "aria-label": "Search prompts and answers" });
    this.field.oninput = () => (clearTimeout(this.waiting), (this.waiting = setTimeout(() => this.search(), 250)));
    this.field.onfocus = () => grid.wire.prepareSearch().catch((error) => grid.say(error.message));
    this.field.onkeydown = (event) => event.key === "Enter" && (clearTimeout(this.waiting), this.search());
    this.against = h("select", { class: "against", "aria-label": "Compare with" });
    this.against.onchange = () => grid.compareWith(this.against.value);
    this.place = h("span", { class: "where", role: "status" });
    this.back = tool("chevron_left", "Previous page", "back");
    this.next = tool("chevron_right", "Next page", "next");
    this.back.onclick = () => this.to(this.first - this.size);
    this.next.onclick = () => this.to(this.first + this.size);
    this.fold = h("button", { type: "button", class: "word fold", "aria-expanded": "false" }, icon("tune"), h("span", {}, "Show options"));
    this.fold.onclick = () => this.unfold(!grid.root.classList.contains("unfolded"));
    this.element = h("div", { class: "filters" }, this.fold, this.group, this.field, this.against, h("span", { class: "spacer" }), h("span", { class: "pager" }, this.place, this.back, this.next));
    this.offer(grid.data.baselines, grid.baseline);
  }

  filter(only, label) {
    const button = h("button", { type: "button", role: "radio", "aria-checked": String(!only), "data-only": only }, label);
    button.onclick = () => this.choose(only);
    return button;
  }

  // On a phone filters, figures and the rest fold, so that the first rows are in sight.
  unfold(open) {
    this.grid.root.classList.toggle("unfolded", open);
    this.fold.setAttribute("aria-expanded", String(open));
    this.fold.lastChild.textContent = open ? "Hide options" : "Show options";
    this.grid.fit();
  }

  offer(baselines, chosen) {
    const option = ([value, label]) => h("option", { value, selected: value === chosen }, label);
    const groups = [h("option", { value: "" }, "No baseline")];
    for (const { title, options } of baselines) if (options.length) groups.push(h("optgroup", { label: title }, ...options.map(option)));
    this.against.replaceChildren(...groups);
    this.against.hidden = groups.length < 2;
  }

  get wanted() {
    return { first: this.first, only: this.only, words: this.words, baseline: this.grid.baseline };
  }

  choose(only) {
    this.only = only;
    this.first = 0;
    for (const button of this.group.children) button.setAttribute("aria-checked", String(button.dataset.only === only));
    this.grid.load({ top: true });
  }

  search() {
    const words = this.field.value.trim();
    if (words === this.words) return;
    this.words = words;
    this.first = 0;
    this.grid.load({ top: true });
  }

  to(first) {
    this.first = Math.max(0, first);
    this.grid.load({ top: true });
  }

  clear() {
    this.field.value = this.words = "";
    this.choose("");
  }

  draw({ total, size }) {
    this.size = size;
    const last = Math.min(total, this.first + size);
    this.place.textContent = total ? `${number(this.first + 1)}–${number(last)} of ${many(total, "row")}` : "No rows";
    this.back.disabled = this.first === 0;
    this.next.disabled = last >= total;
  }

  // A filter over a run without a baseline has nothing to go by.
  follow() {
    const regressed = this.group.querySelector('[data-only="regressed"]');
    regressed.hidden = !this.grid.baseline;
    if (regressed.hidden && this.only === "regressed") this.choose("");
  }
}
