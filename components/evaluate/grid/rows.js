// The rows of one page. What is there is kept, and only cells that changed are drawn again: the scroll, an open row and
// the focus stay while the run goes on.

const VERDICTS = { pass: ["check", "Passed"], fail: ["close", "Failed"], open: ["help", "Not judged"], error: ["warning", "Error"], queued: ["schedule", "Waiting"], live: ["edit", "Answering"] };

const verdict = (cell) => (cell.status === "queued" ? "queued" : cell.status === "error" ? "error" : cell.passed === null ? "open" : cell.passed ? "pass" : "fail");

class Rows {
  constructor(grid) {
    this.grid = grid;
    this.element = h("tbody", {});
    this.lines = new Map();
    this.element.addEventListener("click", (event) => this.click(event));
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  draw(rows) {
    const here = new Set(rows.map(({ row }) => row));
    for (const [row, line] of this.lines) if (!here.has(row)) (line.remove(), this.lines.delete(row));
    let previous = null;
    for (const row of rows) {
      const line = this.lines.get(row.row) ?? this.line(row);
      this.lines.set(row.row, line);
      row.cells.forEach((repeats, at) => this.cell(line.places[at], repeats));
      const next = previous ? previous.nextSibling : this.element.firstChild;
      if (next !== line) this.element.insertBefore(line, next);
      previous = line;
    }
    this.reach();
  }

  line(row) {
    const open = tool("expand_more", "Show whole row", "expand", { "aria-expanded": "false" });
    const tags = h("div", { class: "tags" }, ...row.tags.map((tag) => h("span", {}, tag)));
    const expected = row.expected ? h("div", { class: "expected", title: row.expected }, h("span", { class: "quiet" }, "Expected "), row.expected) : null;
    const head = h("th", { scope: "row" }, h("div", { class: "rowhead" }, h("div", { class: "at" }, h("span", {}, number(row.row + 1)), tags, open), h("div", { class: "prompt", dir: "auto" }, row.title || "(empty)"), expected));
    const places = this.grid.data.columns.map(() => h("td", {}));
    return Object.assign(h("tr", {}, head, ...places), { places, row });
  }

  cell(place, repeats) {
    const stamp = JSON.stringify(repeats);
    if (place.stamp === stamp) return;
    place.stamp = stamp;
    place.repeats = repeats;
    const shown = this.box(repeats[0], repeats.length > 1 ? repeats : null);
    const more = repeats.slice(1).map((one) => this.box(one, null, true));
    const [known] = place.children;
    const held = known && this.grid.shadow.activeElement?.closest("td") === place ? this.grid.shadow.activeElement.dataset.index : null;
    place.replaceChildren(shown, ...more);
    if (held !== null) place.querySelector(`[data-index="${held}"]`)?.focus({ preventScroll: true });
  }

  // One answer. With `all` it speaks for its repeats too, which stand below it in an opened row.
  box(cell, all, repeat = false) {
    const kind = verdict(cell);
    const [sign, label] = VERDICTS[kind];
    const told = all ? this.tally(all) : h("span", { class: "verdict" }, icon(sign), h("span", {}, cell.mark ? `${label} by you` : label));
    const facts = [cell.cached ? "cached" : span(cell.ms), cell.cost ? dollars(cell.cost) : ""].filter(Boolean).join(" · ");
    const change = { better: ["trending_up", "Better than baseline"], worse: ["trending_down", "Regressed"] }[cell.change];
    const top = h("div", { class: "top" }, told, change ? h("span", { class: `change ${cell.change}`, title: change[1] }, icon(change[0]), h("span", { class: "sr" }, change[1])) : null, h("span", { class: "spacer" }), h("span", { class: "small" }, facts));
    const text = h("div", { class: "text", dir: "auto" }, kind === "error" ? cell.error : cell.text);
    return h("button", { type: "button", class: `cell ${kind}${all ? " several" : ""}${repeat ? " repeat" : ""}`, tabindex: "-1", "data-index": cell.index, "aria-label": `${label}${facts ? `, ${facts}` : ""}: ${(cell.error || cell.text).slice(0, 160)}` }, top, text);
  }

  tally(cells) {
    const judged = cells.filter((cell) => cell.status === "done" && cell.passed !== null);
    const passed = judged.filter((cell) => cell.passed).length;
    const kind = judged.length < cells.length ? "open" : passed === judged.length ? "pass" : passed ? "some" : "fail";
    return h("span", { class: `verdict ${kind}` }, h("b", {}, `${passed}/${cells.length}`), h("span", { class: "dots" }, ...cells.map((cell) => h("i", { class: verdict(cell), title: VERDICTS[verdict(cell)][1] }))));
  }

  // Text that comes in now, for cells that are in sight.
  live(texts) {
    for (const [index, text] of Object.entries(texts)) {
      const box = this.element.querySelector(`[data-index="${index}"].queued, [data-index="${index}"].live`);
      if (!box || !text) continue;
      if (!box.classList.contains("live")) {
        box.className = box.className.replace("queued", "live");
        const [sign, label] = VERDICTS.live;
        box.querySelector(".verdict:not(:has(b))")?.replaceChildren(icon(sign), h("span", {}, label));
      }
      box.querySelector(".text").textContent = text.slice(-320);
    }
  }

  // Unfinished cells that can be seen, nearest to the top first.
  unfinished(frame, most) {
    const edge = frame.getBoundingClientRect();
    const found = [];
    for (const box of this.element.querySelectorAll(".cell:is(.queued, .live)")) {
      const place = box.getBoundingClientRect();
      if (place.height && place.bottom > edge.top && place.top < edge.bottom && place.right > edge.left && place.left < edge.right) found.push(Number(box.dataset.index));
      if (found.length === most) break;
    }
    return found;
  }

  click(event) {
    const button = event.target.closest("button");
    if (button?.dataset.act === "expand") return this.expand(button.closest("tr"), button);
    if (button?.dataset.index) this.grid.open(Number(button.dataset.index), button);
  }

  expand(line, button) {
    const open = line.classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
    button.firstChild.textContent = open ? "expand_less" : "expand_more";
  }

  // One cell is in the tab order; arrows lead to the others.
  reach() {
    if (!this.element.querySelector('.cell[tabindex="0"]')) this.element.querySelector(".cell")?.setAttribute("tabindex", "0");
  }

  key(event) {
    const box = event.target.closest(".cell");
    const step = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key];
    if (!box || !step) return;
    event.preventDefault();
    const next = this.beside(box, ...step);
    if (next) this.hold(next);
  }

  beside(box, down, right) {
    const lines = [...this.element.children];
    const line = box.closest("tr");
    const place = box.closest("td");
    return lines[lines.indexOf(line) + down]?.places[line.places.indexOf(place) + right]?.firstChild;
  }

  hold(box) {
    this.element.querySelector('.cell[tabindex="0"]')?.setAttribute("tabindex", "-1");
    box.setAttribute("tabindex", "0");
    box.focus();
  }

  find(index) {
    return this.element.querySelector(`[data-index="${index}"]`);
  }
}
