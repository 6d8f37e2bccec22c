// `data`: {groups: [{title, keys: [[keys, what]]}]}. Listens on the document; sends nothing.

const mac = /Mac|iPhone|iPad/.test(navigator.platform)
const SIGNS = mac ? { Ctrl: "\u2318", Shift: "\u21e7", Up: "\u2191", Down: "\u2193", Right: "\u2192", Enter: "\u21a9" } : { Up: "\u2191", Down: "\u2193", Right: "\u2192" }
const listening = new WeakMap()

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props)
  node.append(...children)
  return node
}

function sheet(groups) {
  const close = make("button", { type: "button", textContent: "close", title: "Close", ariaLabel: "Close" })
  const dialog = make("dialog", { ariaLabel: "Keyboard shortcuts" },
    make("div", { className: "head" }, make("h2", { textContent: "Keyboard shortcuts" }), close))
  for (const { title, keys } of groups) {
    const list = make("dl")
    for (const [names, what] of keys) {
      const marks = names.split(/[+ ]/).map(name => make("kbd", { textContent: SIGNS[name] ?? name }))
      list.append(make("div", { className: "line" }, make("dt", { textContent: what }), make("dd", {}, ...marks)))
    }
    dialog.append(make("h3", { textContent: title }), list)
  }
  close.onclick = () => dialog.close()
  dialog.onclick = event => { if (event.target === dialog) dialog.close() }
  return dialog
}

function folded() {
  const sidebar = document.querySelector('[data-testid="stSidebar"]')
  return sidebar?.getAttribute("aria-expanded") === "false" || sidebar?.dataset.collapsed === "true"
}

function toggleSidebar() {
  const test = folded() ? "stExpandSidebarButton" : "stSidebarCollapseButton"
  document.querySelector(`[data-testid="${test}"] button, button[data-testid="${test}"]`)?.click()
}

// The search field of the sidebar; a sidebar that is folded away is opened first.
function search() {
  const field = () => document.querySelector(".st-key-search input")
  if (folded()) toggleSidebar()
  let tries = 20
  const reach = () => {
    const input = field()
    if (input) { input.focus(); input.select() }
    if (document.activeElement !== input && tries-- > 0) requestAnimationFrame(reach)
  }
  reach()
}

// On a phone the sidebar covers the page: going somewhere from it folds it away.
function wentSomewhere(event) {
  if (innerWidth > 768 || folded()) return
  const path = event.composedPath().filter(node => node.matches)
  const inside = path.some(node => node.matches('[data-testid="stSidebar"]'))
  if (inside && path.some(node => node.matches("a[href], .st-key-side_new button"))) setTimeout(toggleSidebar)
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root")
  listening.get(root)?.abort()
  const stop = new AbortController()
  listening.set(root, stop)
  let dialog = null
  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey)) return
    if (event.shiftKey) {
      if (event.code === "KeyS") { event.preventDefault(); toggleSidebar() }
    } else if (event.key.toLowerCase() === "k") { event.preventDefault(); search() }
    else if (event.key === "/") {
      event.preventDefault()
      if (dialog?.open) return dialog.close()
      dialog = sheet(data.groups)
      root.replaceChildren(dialog)
      dialog.showModal()
    }
  }, { signal: stop.signal, capture: true })
  document.addEventListener("click", wentSomewhere, { signal: stop.signal })
  return () => stop.abort()
}
