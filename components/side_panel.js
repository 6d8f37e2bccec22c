// The frame of a panel at the right: it can be made wider, the page makes room for it, and on a narrow screen it is a sheet.
// A panel extends it, gives it a head and content, and says in `left()` what is to be done when the person closed it.

const NARROW = matchMedia("(max-width: 900px)");
const LEAST = 320;
const most = () => Math.max(LEAST, Math.min(820, Math.round(window.innerWidth * 0.55)));

class SidePanel {
  constructor(shadow, label) {
    this.shadow = shadow;
    this.root = shadow.querySelector(".root");
    this.title = h("h2", { tabindex: "-1" });
    this.edge = h("div", { class: "edge", role: "separator", tabindex: "0", "aria-orientation": "vertical", "aria-label": "Width of the panel" });
    this.box = h("dialog", { class: "panel", "aria-label": label }, this.edge);
    this.root.append(this.box);
    this.box.addEventListener("cancel", (event) => (event.preventDefault(), this.close()));
    this.box.addEventListener("click", (event) => event.target === this.box && NARROW.matches && this.close());
    this.edge.onpointerdown = (event) => this.drag(event);
    this.edge.onkeydown = (event) => {
      const change = { ArrowLeft: 32, ArrowRight: -32 }[event.key];
      if (change) (event.preventDefault(), this.resize(this.width + change));
    };
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("keydown", (event) => this.pressed(event), { signal });
    NARROW.addEventListener("change", () => this.open && this.show(), { signal });
  }

  get open() {
    return this.box.open;
  }

  get width() {
    const kept = Number(localStorage.getItem("hub:panel"));
    return Math.min(most(), Math.max(LEAST, kept || 440));
  }

  show() {
    const fresh = !this.open;
    if (this.open && this.modal !== NARROW.matches) this.box.close();
    this.modal = NARROW.matches;
    if (!this.open) this.modal ? this.box.showModal() : this.box.show();
    this.reserve(this.modal ? 0 : this.width);
    if (fresh) this.title.focus({ preventScroll: true });
  }

  hide() {
    if (!this.open) return;
    const inside = this.box.contains(this.shadow.activeElement);
    this.box.close();
    this.reserve(0);
    if (!inside) return;
    if (this.opener?.isConnected) this.opener.focus({ preventScroll: true });
    else tell("hub:focus");
  }

  close() {
    this.hide();
    this.left();
  }

  // What stands beside the panel keeps its place while it makes room.
  reserve(width) {
    tell("hub:shift");
    this.box.style.setProperty("--width", `${width}px`);
    this.edge.setAttribute("aria-valuenow", String(width));
    document.documentElement.style.setProperty("--hub-panel", `${width}px`);
    tell("hub:shifted");
  }

  resize(width) {
    const next = Math.min(most(), Math.max(LEAST, Math.round(width)));
    localStorage.setItem("hub:panel", String(next));
    this.reserve(next);
  }

  drag(event) {
    event.preventDefault();
    this.edge.setPointerCapture(event.pointerId);
    this.edge.onpointermove = (moved) => this.resize(window.innerWidth - moved.clientX);
    this.edge.onpointerup = this.edge.onpointercancel = () => (this.edge.onpointermove = null);
  }

  pressed(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !this.open || this.modal) return;
    const inside = event.composedPath().includes(this.box) || document.activeElement === document.body;
    if (inside) (event.stopPropagation(), this.close());
  }

  leave() {
    this.stop.abort();
    document.documentElement.style.removeProperty("--hub-panel");
  }
}
