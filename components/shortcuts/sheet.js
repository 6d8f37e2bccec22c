// The sheet of shortcuts (Ctrl-/). `groups`: [{title, keys: [[keys, what]]}].

const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const ARROWS = { Up: "\u2191", Down: "\u2193", Right: "\u2192" };
const SIGNS = mac ? { Ctrl: "\u2318", Shift: "\u21e7", Alt: "\u2325", Enter: "\u21a9", ...ARROWS } : ARROWS;

const signs = (keys) => h("span", { class: "keys" }, ...keys.split(/[+ ]/).map((name) => h("kbd", {}, SIGNS[name] ?? name)));

function sheet(groups) {
  const close = h("button", { type: "button", class: "tool", title: "Close", "aria-label": "Close" }, icon("close"));
  const dialog = h("dialog", { class: "sheet", "aria-label": "Keyboard shortcuts" }, h("div", { class: "head" }, h("h2", {}, "Keyboard shortcuts"), close));
  for (const { title, keys } of groups) {
    const lines = keys.map(([names, what]) => h("div", { class: "line" }, h("dt", {}, what), h("dd", {}, signs(names))));
    dialog.append(h("h3", {}, title), h("dl", {}, ...lines));
  }
  close.onclick = () => dialog.close();
  return dialog;
}
