// The row on top: what each column came to. A column is a model, in a run with several templates a model with one of them.

class Head {
  constructor(grid) {
    this.grid = grid;
    this.columns = grid.data.columns.map((column) => this.column(column));
    this.corner = h("th", { class: "corner", scope: "col" }, "Prompt");
    this.element = h("thead", {}, h("tr", {}, this.corner, ...this.columns.map(({ th }) => th)));
  }

  column({ label, about }) {
    const parts = { rate: h("b", { class: "rate" }), share: h("span", { class: "share" }), bar: this.interval(), facts: h("div", { class: "facts" }), errors: h("div", { class: "errors" }), against: h("div", { class: "against" }) };
    const th = h("th", { scope: "col" }, h("div", { class: "name", title: label }, label), h("div", { class: "about", title: about || null }, about || " "), h("div", { class: "score" }, parts.rate, parts.share), parts.bar, parts.facts, parts.errors, parts.against);
    return { th, ...parts };
  }

  // Zero to one from left to right: the range that holds the true rate at 95 %, and the rate as measured.
  interval() {
    return h("div", { class: "interval", role: "img" }, h("i", { class: "range" }), h("i", { class: "point" }));
  }

  draw(columns) {
    columns.forEach((column, at) => this.fill(this.columns[at], column));
  }

  fill(parts, column) {
    const { pass } = column;
    parts.rate.textContent = pass ? percent(pass.value) : "";
    parts.share.textContent = pass ? `${number(column.passed)} of ${number(column.passed + column.failed)} passed` : column.done ? "nothing judged" : "no answers yet";
    parts.bar.hidden = !pass;
    if (pass) {
      parts.bar.firstChild.style.cssText = `left:${pass.low * 100}%;width:${(pass.high - pass.low) * 100}%`;
      parts.bar.lastChild.style.left = `${pass.value * 100}%`;
      const told = `At 95 % between ${percent(pass.low)} and ${percent(pass.high)}`;
      parts.bar.title = told;
      parts.bar.setAttribute("aria-label", told);
    }
    const speed = column.p50 === null ? "" : `${span(column.p50)} median, ${span(column.p95)} p95`;
    const took = [column.tokens ? `${short(column.tokens)} tokens` : "", column.done ? dollars(column.cost) : ""].filter(Boolean).join(", ");
    parts.facts.replaceChildren(h("div", {}, speed || " "), h("div", {}, took || " "));
    parts.errors.replaceChildren(...(column.paused ? [icon("pause_circle"), h("span", { title: column.paused }, column.paused)] : column.errors ? [icon("warning"), h("span", {}, many(column.errors, "error"))] : [h("span", {}, " ")]));
    this.compare(parts.against, column);
  }

  compare(place, { against }) {
    place.hidden = !this.grid.baseline;
    if (!against) return place.replaceChildren(h("span", { class: "quiet" }, this.grid.baseline ? "the baseline" : ""));
    const tone = against.clear ? (against.value > 0 ? "up" : "down") : "quiet";
    place.replaceChildren(h("span", { class: tone, title: against.sentence }, `${signed(against.value)} points, ${against.clear ? (against.value > 0 ? "better" : "worse") : "no difference shown"}`));
  }
}
