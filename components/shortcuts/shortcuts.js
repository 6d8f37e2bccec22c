// The keys that work everywhere. `data`: {sheet, actions, pages, projects, settings, in_chat}. Sends one trigger, "event": {do, id}.
// Only one of sheet and palette is open; while one is, every key is its own, so that Esc closes it and stops no answer.

class Keys {
  constructor(root) {
    this.root = root;
    this.palette = new Palette(this);
    this.stop = new AbortController();
    const on = (name, act) => window.addEventListener(name, act, { signal: this.stop.signal, capture: true });
    on("keydown", (event) => this.key(event));
    on("click", (event) => this.click(event));
    root.dataset.listening = "true";
  }

  key(event) {
    if (this.dialog) event.stopPropagation();
    if (event.isComposing) return;
    const act = this.shortcut(event);
    if (act) {
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) act();
    } else if (this.dialog && event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (this.dialog?.matches(".palette")) this.palette.key(event);
  }

  shortcut(event) {
    if (event.altKey || !(event.ctrlKey || event.metaKey)) return null;
    // Some keyboards have the slash above a digit, behind Shift.
    if (event.key === "/") return () => this.toggle("sheet");
    const free = !this.dialog;
    if (event.shiftKey) return (free && { s: toggleSidebar, f: search }[letter(event)]) || null;
    return letter(event) === "k" ? () => this.toggle("palette") : null;
  }

  // ---- sheet and palette

  toggle(name) {
    const open = this.dialog?.matches(`.${name}`);
    this.close();
    // Streamlit's own dialog holds the focus and would fight for it.
    if (open || document.querySelector('[data-testid="stDialog"]')) return;
    const dialog = name === "sheet" ? sheet(this.data.sheet) : this.palette.dialog();
    const part = focused().getRootNode();
    dialog.onclick = (event) => beside(event, dialog) && dialog.close();
    dialog.onclose = () => {
      dialog.remove();
      if (this.dialog === dialog) this.dialog = null;
      if (!this.dialog && document.activeElement === document.body) part.querySelector("textarea, button")?.focus();
    };
    this.dialog = dialog;
    this.root.append(dialog);
    dialog.showModal();
  }

  // The browser gives the focus back to where it was; what has gone since, as a menu has, to the button beside it.
  close() {
    this.dialog?.close();
    this.dialog = null;
  }

  // What can be done here: by us, and by the parts of the page, which push {title, icon, keys?, find?, deep?, run}.
  offers() {
    const offers = [];
    tell("hub:offers", offers);
    return [
      ...offers,
      { title: "Show or hide the sidebar", icon: "left_panel_open", keys: "Ctrl+Shift+S", find: "toggle panel", run: toggleSidebar },
      { title: "Show keyboard shortcuts", icon: "keyboard", keys: "Ctrl+/", find: "help keys", run: () => this.toggle("sheet") },
    ];
  }

  // ---- the mouse

  click(event) {
    const path = event.composedPath().filter((node) => node.matches);
    if (path.some((node) => node.matches(".st-key-side_find button"))) {
      event.stopPropagation();
      this.toggle("palette");
    } else if (path.some((node) => node.matches('[data-testid="stSidebar"]')) && path.some((node) => node.matches("a[href], .st-key-side_new button"))) this.foldOnPhone();
  }

  // On a phone the sidebar covers the page: going somewhere folds it away.
  foldOnPhone() {
    if (innerWidth <= 768 && !folded()) setTimeout(toggleSidebar);
  }
}

// A click on the darkened page around a dialog; it counts as one on the dialog.
function beside({ target, clientX, clientY }, dialog) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return target === dialog && (clientX < left || clientX > right || clientY < top || clientY > bottom);
}

// The letter of a key where it stands on the person's keyboard; by its place where that writes no Latin letters.
const letter = ({ key, code }) => (/^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace(/^Key/, "").toLowerCase());

function folded() {
  const sidebar = document.querySelector('[data-testid="stSidebar"]');
  return !sidebar || sidebar.getAttribute("aria-expanded") === "false" || sidebar.dataset.collapsed === "true";
}

function toggleSidebar() {
  const test = folded() ? "stExpandSidebarButton" : "stSidebarCollapseButton";
  document.querySelector(`[data-testid="${test}"] button, button[data-testid="${test}"]`)?.click();
}

// The search field of the sidebar; a sidebar that is folded away is opened first.
function search() {
  if (folded()) toggleSidebar();
  let tries = 30;
  const reach = () => {
    const input = document.querySelector(".st-key-search input");
    input?.focus();
    input?.select();
    if ((!input || document.activeElement !== input) && tries-- > 0) requestAnimationFrame(reach);
  };
  reach();
}

const listeners = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const keys = listeners.get(root) ?? new Keys(root);
  listeners.set(root, keys);
  keys.data = data;
  keys.send = (event) => setTriggerValue("event", event);
  // A call that was overtaken by a newer one is cleaned up too, while the root stands.
  return () => root.isConnected || keys.stop.abort();
}
