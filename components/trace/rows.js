// The timeline: rows that open, their bars on one scale, those of sub-agents inside the row that asked them.

const UNFOLDED = 40; // rows up to which sub-agents stand open at first

class Timeline {
  constructor(root) {
    this.root = root;
    this.opened = new Map();
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  update(data) {
    if (data.message !== this.message) this.opened.clear();
    this.message = data.message;
    this.data = data;
    const shadow = this.root.getRootNode();
    const focused = shadow.activeElement?.closest("details.row")?.dataset.id;
    const inSummary = shadow.activeElement?.matches("summary");
    this.count = this.size(data.rows);
    const facts = h("dl", { class: "facts" }, ...data.facts.map(({ label, text, title }) => h("div", { title: title || null }, h("dt", {}, label), h("dd", {}, text))));
    const rows = data.rows.length ? [this.ruler(), h("div", { class: "rows", role: "group", "aria-label": "Timeline" }, ...data.rows.map((row) => this.row(row, 0)))] : [];
    this.root.replaceChildren(facts, ...rows);
    if (focused && inSummary) this.root.querySelector(`details.row[data-id="${CSS.escape(focused)}"] > summary`)?.focus({ preventScroll: true });
  }

  size(rows) {
    return rows.reduce((sum, row) => sum + 1 + this.size(row.rows), 0);
  }

  ruler() {
    const ticks = this.data.ticks.map(({ at, text }) => h("span", { class: "tick", style: `inset-inline-start:${(at * 100).toFixed(2)}%` }, text));
    return h("div", { class: "ruler", "aria-hidden": "true" }, h("span"), h("div", { class: "lane" }, h("div", { class: "scale" }, ...ticks)));
  }

  row(given, depth) {
    const row = { ...given, depth };
    const inner = row.rows.length ? h("div", { class: "inner" }, ...row.rows.map((one) => this.row(one, depth + 1))) : null;
    const detail = h("div", { class: "detail" });
    const about = inner ? [this.about(row, detail), inner] : [detail];
    const box = h("details", { class: `row of-${row.kind} is-${row.status}`, "data-id": row.id, style: `--depth:${depth}` }, this.summary(row), ...about);
    this.keepOpen(box, row.id, inner !== null && this.count <= UNFOLDED);
    if (!inner) this.fillOnce(box, detail, row);
    return box;
  }

  // What a sub-agent was asked and said, above the rows of what it did.
  about(row, detail) {
    const box = h("details", { class: "about", style: `--depth:${row.depth}` }, h("summary", {}, icon("chevron_right"), row.parts.map((part) => part.title).join(", ") || "Figures"), detail);
    this.keepOpen(box, `${row.id}/about`, false);
    this.fillOnce(box, detail, row);
    return box;
  }

  keepOpen(box, id, atFirst) {
    box.open = this.opened.get(id) ?? atFirst;
    box.addEventListener("toggle", (event) => event.target === box && this.opened.set(id, box.open));
  }

  fillOnce(box, detail, row) {
    const fill = () => box.open && !detail.childElementCount && detail.append(...drawDetail(row, this.data.prompt));
    fill();
    box.addEventListener("toggle", fill);
  }

  summary(row) {
    const note = row.state && row.kind !== "pause" ? h("span", { class: "state" }, row.state) : null;
    const figures = [row.took, row.tokens, row.cost].filter(Boolean);
    const name = [row.label, row.key, row.said, row.state, row.began === null ? "" : `began after ${this.seconds(row.began)}`, ...figures].filter(Boolean).join(", ");
    return h("summary", { "aria-label": name },
      h("span", { class: "what" }, icon("chevron_right"), this.sign(row),
        h("span", { class: "label" }, row.label), row.key ? h("span", { class: "key", title: row.key }, row.key) : null,
        note ?? (row.said ? h("span", { class: "said", title: row.said }, row.said) : null)),
      h("span", { class: "lane" }, this.bar(row)),
      h("span", { class: "figures" }, row.tokens ? h("span", { class: "tokens" }, row.tokens) : null, row.cost ? h("span", { class: "cost" }, row.cost) : null));
  }

  sign({ avatar, hue, icon: name }) {
    if (!avatar) return h("span", { class: "icon kind", "aria-hidden": "true" }, name);
    return h("span", { class: "avatar", "aria-hidden": "true", style: hue === null ? null : `--hue:${hue}` }, avatar);
  }

  seconds(ms) {
    return ms < 950 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
  }

  // The bar with its time after it, for which the scale leaves room.
  bar({ kind, began, ms, first, took, status }) {
    const { total } = this.data;
    if (began === null || !total) return h("span", { class: "none" }, took);
    const share = (value) => Math.min(100, Math.max(0, (value / total) * 100));
    const left = share(began);
    const wide = kind === "pause" ? 0 : ms === null ? (status === "running" ? 100 - left : 0) : Math.min(share(ms), 100 - left);
    const mark = first === null || kind !== "step" || !ms ? null : h("span", { class: "mark", style: `inset-inline-start:${Math.min(100, Math.max(0, ((first - began) / ms) * 100)).toFixed(2)}%`, title: `First token after ${this.seconds(Math.max(0, first - began))}` });
    const time = took ? h("span", { class: "time" }, took) : null;
    return h("span", { class: "scale" }, h("span", { class: "bar", style: `inset-inline-start:${left.toFixed(2)}%;width:${wide.toFixed(2)}%` }, mark, time));
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches(".row > summary, .about > summary")) return;
    event.preventDefault();
    const every = [...this.root.querySelectorAll(".row > summary, .about > summary")].filter((one) => one.offsetParent !== null);
    every[every.indexOf(event.target) + step]?.focus();
  }
}

const timelines = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  if (!timelines.has(root)) timelines.set(root, new Timeline(root));
  timelines.get(root).update(data);
}
