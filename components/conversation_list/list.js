// The sidebar's list. `data`: {groups: [{title, rows: [{id, title, pinned, running, project, project_name}]}], projects: [[id, name]],
// current, empty, all}.
// Sends one trigger, "event": {do, id, title, project}. Rows are changed at once; the next data from Python confirms.

const states = new WeakMap()

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props)
  node.append(...children)
  return node
}
const icon = name => make("span", { className: "icon", ariaHidden: "true", textContent: name })

const actions = (row, projects) => [
  ["rename", "edit", "Rename"],
  row.pinned ? ["unpin", "keep_off", "Unpin"] : ["pin", "keep", "Pin"],
  ...(projects.length ? [["move", "folder", "Move to project"]] : []),
  ["archive", "archive", "Archive"],
  ["delete", "delete", "Delete"],
]

// The title, and quietly the project beside it where there is room.
function words(row) {
  if (!row.project_name) return [row.title]
  return [make("span", { className: "name", textContent: row.title }), make("span", { className: "project", textContent: row.project_name, title: `In ${row.project_name}` })]
}

function drawRow(row, state) {
  const link = make("a", { href: `/?c=${encodeURIComponent(row.id)}`, title: row.title }, ...words(row))
  const more = make("button", { className: "more", type: "button", tabIndex: -1, title: "More" }, icon("more_horiz"))
  more.setAttribute("aria-label", `Actions for ${row.title}`)
  more.setAttribute("aria-haspopup", "menu")
  const item = make("li", { className: "row" }, link)
  item.dataset.id = row.id
  item.classList.toggle("current", row.id === state.current)
  if (row.id === state.current) link.setAttribute("aria-current", "page")
  if (row.running) {
    item.classList.add("running")
    const dot = make("span", { className: "dot", title: "Answering" })
    dot.setAttribute("role", "img")
    dot.setAttribute("aria-label", "Answering")
    item.append(dot)
  }
  item.append(more)
  link.onclick = event => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    state.root.querySelectorAll(".current").forEach(other => other.classList.remove("current"))
    item.classList.add("current")
    state.send({ do: "open", id: row.id })
  }
  link.onkeydown = event => onKey(event, item, row, state)
  item.oncontextmenu = event => { event.preventDefault(); openMenu(item, row, state) }
  more.onclick = () => openMenu(item, row, state)
  return item
}

function onKey(event, item, row, state) {
  const links = [...state.root.querySelectorAll(".row a")]
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step) {
    event.preventDefault()
    links[links.indexOf(item.querySelector("a")) + step]?.focus()
  } else if (event.key === "F2") { event.preventDefault(); rename(item, row, state) }
  else if (event.key === "Delete") { event.preventDefault(); act("delete", item, row, state) }
  else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey) || event.key === "ArrowRight") {
    event.preventDefault()
    openMenu(item, row, state)
  }
}

function openMenu(item, row, state) {
  closeMenu(state)
  const menu = make("div", { className: "menu", popover: "auto" })
  menu.setAttribute("role", "menu")
  const entry = (glyph, label, run, more = {}) => {
    const button = make("button", { type: "button", ...more }, icon(glyph), make("span", { className: "label", textContent: label }))
    button.setAttribute("role", "menuitem")
    button.onclick = run
    return button
  }
  const choose = (word, project) => { closeMenu(state); act(word, item, row, state, project) }
  const show = entries => { menu.replaceChildren(...entries); menu.firstChild.focus({ focusVisible: false }) }
  const projects = () => [
    ...state.projects.map(([id, name]) => entry(id === row.project ? "check" : "folder", name, () => choose("move", id), { disabled: id === row.project })),
    ...(row.project ? [entry("folder_off", "No project", () => choose("move", null))] : []),
  ]
  menu.append(...actions(row, state.projects).map(([word, glyph, label]) =>
    entry(glyph, label, word === "move" ? () => { show(projects()); place() } : () => choose(word), { className: word === "delete" ? "danger" : "" })))
  menu.onkeydown = event => {
    const buttons = [...menu.children]
    const at = buttons.indexOf(menu.getRootNode().activeElement)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) { event.preventDefault(); buttons[(at + step + buttons.length) % buttons.length].focus() }
    if (event.key === "Escape") { event.preventDefault(); item.querySelector("a").focus(); closeMenu(state) }
  }
  menu.ontoggle = event => { if (event.newState === "closed") { item.classList.remove("open"); menu.remove(); state.settle() } }
  item.append(menu)
  item.classList.add("open")
  menu.showPopover()
  const place = () => {
    const at = item.getBoundingClientRect()
    const box = menu.getBoundingClientRect()
    menu.style.left = `${Math.max(8, Math.min(at.right - 32, innerWidth - box.width - 8))}px`
    menu.style.top = `${Math.max(8, at.bottom + box.height + 8 > innerHeight ? at.top - box.height : at.bottom + 2)}px`
  }
  place()
  state.menu = menu
  menu.firstChild.focus({ focusVisible: false })
}

function closeMenu(state) {
  if (state.menu?.isConnected) state.menu.hidePopover()
  state.menu = null
}

function act(word, item, row, state, project = null) {
  if (word === "rename") return rename(item, row, state)
  if (word === "archive" || word === "delete") {
    const next = item.nextElementSibling ?? item.previousElementSibling
    item.remove()
    next?.querySelector("a")?.focus()
  }
  state.send({ do: word, id: row.id, title: row.title, project })
}

function rename(item, row, state) {
  const input = make("input", { value: row.title, maxLength: 200 })
  input.setAttribute("aria-label", "New title")
  const kept = [...item.childNodes]
  let over = false
  const finish = save => {
    if (over) return
    over = true
    const title = input.value.trim()
    if (save && title && title !== row.title) {
      row.title = title
      kept[0].title = title
      kept[0].replaceChildren(...words(row))
      state.send({ do: "rename", id: row.id, title })
    }
    item.replaceChildren(...kept)
    state.renaming = false
    kept[0].focus({ focusVisible: false })
    state.settle()
  }
  input.onkeydown = event => {
    event.stopPropagation()
    if (event.key === "Enter") finish(true)
    if (event.key === "Escape") finish(false)
  }
  input.onblur = () => finish(true)
  state.renaming = true
  item.replaceChildren(input)
  input.focus()
  input.select()
}

// A menu or a title being written is never pulled away by news of the list: they are drawn when it is over.
const busy = state => state.renaming || state.menu?.isConnected

function draw(state, data) {
  const focused = state.root.getRootNode().activeElement?.closest?.(".row")?.dataset.id
  state.current = data.current
  state.projects = data.projects
  const parts = []
  for (const group of data.groups) {
    parts.push(make("h3", { textContent: group.title }), make("ul", {}, ...group.rows.map(row => drawRow({ ...row }, state))))
  }
  if (!parts.length) parts.push(make("div", { className: "note", textContent: data.empty }))
  if (data.all) {
    const all = make("a", { className: "all", href: "/library", textContent: data.all })
    all.onclick = event => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      state.send({ do: "all", id: "" })
    }
    parts.push(all)
  }
  state.root.replaceChildren(...parts)
  if (focused) state.root.querySelector(`[data-id="${CSS.escape(focused)}"] a`)?.focus()
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root")
  const state = states.get(root) ?? { root }
  states.set(root, state)
  state.send = event => setTriggerValue("event", event)
  const mark = JSON.stringify(data)
  if (state.mark === mark && !data.force) return
  state.mark = mark
  state.settle = steady(root, () => draw(state, data), () => busy(state))
}
