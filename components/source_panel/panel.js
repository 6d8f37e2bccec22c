// The panel beside the chat: opens at once with what the transcript knows, and is filled when the page has the source.

class Panel extends SidePanel {
  constructor(shadow) {
    super(shadow, "Source");
    this.key = null;
    this.build();
    window.addEventListener("hub:source", ({ detail }) => this.expect(detail), { signal: this.stop.signal });
  }

  build() {
    this.place = h("p", { class: "place" });
    this.back = tool("chevron_left", "Previous source", "back");
    this.next = tool("chevron_right", "Next source", "next");
    this.count = h("span", { class: "count" });
    const close = tool("close", "Close source", "close");
    this.content = h("div", { class: "content", tabindex: "0", "aria-label": "Source text" });
    this.box.append(h("header", {}, h("div", { class: "row" }, this.title, h("span", { class: "steps" }, this.back, this.count, this.next), close), this.place), this.content);
    close.onclick = () => this.close();
    this.back.onclick = () => this.step(-1);
    this.next.onclick = () => this.step(1);
  }

  // What was pressed in the transcript: the panel stands there before the page has answered.
  expect({ key, title, place, number, opener }) {
    this.opener = opener;
    if (key === this.key) return this.show();
    this.key = null;
    this.head({ title, place, number });
    this.content.replaceChildren(h("div", { class: "waiting", role: "status", "aria-label": "Opening the source" }, ...[92, 100, 84, 96, 60].map((share) => h("span", { style: `width:${share}%` }))));
    this.show();
  }

  update({ data, setTriggerValue }) {
    this.trigger = (value) => setTriggerValue("event", value);
    const shown = data.shown;
    if (!shown) {
      if (this.key) this.hide();
      this.key = null;
      return;
    }
    if (shown.key === this.key) return;
    this.key = shown.key;
    this.shown = shown;
    this.head(shown);
    this.fill(shown);
    this.show();
  }

  head({ title, place, number, score, at = 0, steps = [] }) {
    const step = steps.indexOf(at);
    this.title.replaceChildren(...(number ? [h("span", { class: "number" }, number)] : []), title);
    this.title.title = title;
    this.place.textContent = [place, score ? `Score ${score}` : ""].filter(Boolean).join(" · ");
    this.count.textContent = `${step + 1}/${steps.length}`;
    this.back.disabled = step < 1;
    this.next.disabled = step + 1 >= steps.length;
    this.count.parentElement.hidden = steps.length < 2 || step < 0;
  }

  fill(shown) {
    const text = h("div", { class: "body", dir: "auto" });
    text.innerHTML = shown.html;
    const parts = shown.note ? [h("p", { class: "note" }, icon("info"), h("span", {}, shown.note))] : [];
    if (shown.picture) parts.push(this.views(shown, text));
    else parts.push(text);
    if (shown.document) parts.push(this.whole(shown.document));
    this.content.replaceChildren(...parts);
    this.content.scrollTop = 0;
    requestAnimationFrame(() => this.toMark());
  }

  whole(document) {
    const link = h("a", { class: "whole", href: `document?d=${encodeURIComponent(document)}` }, "Open the document");
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.trigger({ kind: "open-document", document });
    };
    return link;
  }

  // A page as it is printed, and its text: one of the two is seen.
  views(shown, text) {
    const page = h("div", { class: "page" }, h("img", { src: shown.picture.address, alt: shown.picture.alt }),
      ...shown.picture.marks.map(([left, top, right, bottom]) => h("span", { class: "spot", style: `left:${left * 100}%;top:${top * 100}%;width:${(right - left) * 100}%;height:${(bottom - top) * 100}%` })));
    page.querySelector("img").onload = () => this.toMark();
    if (!shown.html) return page;
    text.hidden = true;
    const choose = (which) => {
      page.hidden = which !== "Page";
      text.hidden = which !== "Text";
      for (const button of bar.children) button.setAttribute("aria-pressed", String(button.textContent === which));
      this.toMark();
    };
    const bar = h("div", { class: "views", role: "group", "aria-label": "View" }, ...["Page", "Text"].map((name) => h("button", { type: "button", "aria-pressed": String(name === "Page") }, name)));
    for (const button of bar.children) button.onclick = () => choose(button.textContent);
    return h("div", {}, bar, page, text);
  }

  toMark() {
    const mark = [...this.content.querySelectorAll(".spot, mark")].find((one) => one.offsetParent);
    if (!mark) return;
    const place = mark.getBoundingClientRect().top - this.content.getBoundingClientRect().top;
    this.content.scrollTop += place - this.content.clientHeight / 4;
  }

  left() {
    this.trigger({ kind: "close" });
  }

  step(by) {
    const { at, steps } = this.shown;
    this.trigger({ kind: "step", to: steps[steps.indexOf(at) + by] });
  }
}

const panels = new WeakMap();

export default function (component) {
  const { parentElement } = component;
  let panel = panels.get(parentElement);
  if (!panel || !panel.root.isConnected) {
    panel?.leave();
    panel = new Panel(parentElement);
    panels.set(parentElement, panel);
  }
  panel.update(component);
  return () => {
    if (panel.root.isConnected) return;
    panel.leave();
    panels.delete(parentElement);
  };
}
