// `data`: {button: {title, provider}, sections: [{title, rows: [{title, options: [{id, provider, price}], ...}]}], chosen, missing, disabled, label}.
// The panel is built when it opens: until then 500 models cost the page nothing. Sends one trigger, "event": {do, id}.

const states = new WeakMap()

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props)
  node.append(...children.filter(Boolean))
  return node
}
const icon = name => make("span", { className: "icon", ariaHidden: "true", textContent: name })

/** How well `row` answers `query`, lower is better, -1 not at all: every word inside, else the letters in order. */
function rank(row, query) {
  if (!query) return 0
  const title = row.title.toLowerCase()
  const words = query.split(/\s+/)
  if (title.startsWith(query)) return 0
  if (words.every(word => ` ${title}`.includes(` ${word}`))) return 1
  if (words.every(word => title.includes(word))) return 2
  if (words.every(word => row.find.includes(word))) return 3
  let at = 0
  for (const letter of title) if (letter === query[at]) at += 1
  return at === query.replace(/\s+/g, "").length && at > 1 ? 4 : -1
}

function facts(row) {
  const single = row.options.length === 1 ? [row.options[0].provider, row.options[0].price] : []
  return [...single, row.context, row.abilities.join(", ")].filter(Boolean).join("  ·  ")
}

function drawRow(row, state) {
  const chosen = row.options.some(option => option.id === state.data.chosen)
  const star = make("button", { type: "button", tabIndex: -1, className: "star" }, icon("star"))
  const named = () => {
    star.classList.toggle("on", row.favourite)
    star.title = row.favourite ? "Remove from favourites" : "Add to favourites"
    star.setAttribute("aria-label", `${star.title}: ${row.title}`)
    star.setAttribute("aria-pressed", String(row.favourite))
  }
  named()
  star.onclick = event => {
    event.stopPropagation()
    row.favourite = !row.favourite
    named()
    state.send({ do: row.favourite ? "favourite" : "unfavourite", id: row.options[0].id })
    state.input.focus()
  }
  const chips = row.options.length > 1 && make("div", { className: "chips" }, ...row.options.map(option => {
    const chip = make("button", { type: "button", tabIndex: -1, className: "chip", textContent: `${option.provider} · ${option.price}` })
    chip.classList.toggle("chosen", option.id === state.data.chosen)
    chip.onclick = event => { event.stopPropagation(); choose(state, option.id) }
    return chip
  }))
  const node = make("div", { className: "row", id: `row-${state.count++}` },
    chosen && make("span", { className: "icon check", textContent: "check", ariaHidden: "true" }),
    make("div", { className: "name" }, make("b", { textContent: row.title, title: row.name })),
    make("div", { className: "facts", textContent: facts(row) }), chips, star)
  node.setAttribute("role", "option")
  node.setAttribute("aria-selected", String(chosen))
  const preferred = row.options.find(option => option.id === state.data.chosen) ?? row.options[0]
  node.onclick = () => choose(state, (row.options[state.chip] && node === state.at ? row.options[state.chip] : preferred).id)
  // A list that changes under a resting pointer makes browsers report a move of nothing.
  node.onmousemove = event => { if (state.at !== node && (event.movementX || event.movementY)) moveTo(state, node, false) }
  node.row = row
  return node
}

function list(state) {
  const query = state.input.value.trim().toLowerCase()
  const parts = []
  state.count = 0
  if (state.data.missing && !query) parts.push(missing(state))
  for (const section of state.data.sections) {
    const rows = section.rows.map(row => [rank(row, query), row]).filter(([value]) => value >= 0)
    if (query) rows.sort((a, b) => a[0] - b[0])
    if (rows.length && section.title) parts.push(make("h3", { textContent: section.title }))
    parts.push(...rows.map(([, row]) => drawRow(row, state)))
  }
  if (!state.count) parts.push(make("div", { className: "note", textContent: query ? `No model matches “${state.input.value.trim()}”.` : "No models yet. Add a connection in the settings." }))
  state.rows.replaceChildren(...parts)
  state.rows.scrollTop = 0
  const first = (!query && state.rows.querySelector('[aria-selected="true"]')) || state.rows.querySelector(".row")
  moveTo(state, first, true)
}

function missing(state) {
  const { name, id, title } = state.data.missing
  const note = make("div", { className: "warn" }, `${name} is not available any more. `)
  if (id) {
    const use = make("button", { type: "button", textContent: `Use ${title}` })
    use.onclick = () => choose(state, id)
    note.append(use)
  }
  return note
}

function moveTo(state, node, scroll) {
  state.at?.classList.remove("at")
  state.rows.querySelector(".chip.at")?.classList.remove("at")
  state.at = node
  state.chip = -1
  if (!node) return state.input.removeAttribute("aria-activedescendant")
  node.classList.add("at")
  state.input.setAttribute("aria-activedescendant", node.id)
  if (scroll) node.scrollIntoView({ block: "nearest" })
}

function onKey(event, state) {
  const all = [...state.rows.querySelectorAll(".row")]
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
  const chips = [...(state.at?.querySelectorAll(".chip") ?? [])]
  if (step && all.length) {
    event.preventDefault()
    moveTo(state, all[Math.max(0, Math.min(all.length - 1, all.indexOf(state.at) + step))], true)
  } else if ((event.key === "ArrowRight" || event.key === "ArrowLeft") && chips.length && (state.chip >= 0 || !state.input.value)) {
    event.preventDefault()
    chips[state.chip]?.classList.remove("at")
    state.chip = (state.chip + (event.key === "ArrowRight" ? 1 : -1) + chips.length) % chips.length
    chips[state.chip].classList.add("at")
  } else if (event.key === "Enter") {
    event.preventDefault()
    state.at?.click()
  } else if (event.key === "Escape") { event.preventDefault(); close(state) }
}

function choose(state, id) {
  close(state)
  if (id === state.data.chosen) return
  const row = state.data.sections.flatMap(section => section.rows).find(r => r.options.some(option => option.id === id))
  if (row) state.button.querySelector(".title").textContent = row.title
  state.send({ do: "choose", id })
  document.dispatchEvent(new CustomEvent("hub:model", { detail: { id, label: row?.title ?? id } }))
}

function close(state) {
  if (state.panel?.isConnected) state.panel.hidePopover()
  state.button.focus({ focusVisible: false })
}

function open(state) {
  if (state.panel?.isConnected) return
  const started = performance.now()
  state.input = make("input", { type: "text", placeholder: "Find a model", autocomplete: "off", spellcheck: false })
  state.input.setAttribute("role", "combobox")
  state.input.setAttribute("aria-expanded", "true")
  state.input.setAttribute("aria-label", "Find a model")
  state.rows = make("div", { className: "rows" })
  state.rows.setAttribute("role", "listbox")
  state.rows.setAttribute("aria-label", "Models")
  const foot = make("button", { type: "button", className: "foot" }, icon("tune"), "Manage models and connections")
  foot.onclick = () => { close(state); state.send({ do: "manage", id: "" }) }
  const panel = make("div", { className: "panel", popover: "auto" }, make("div", { className: "search" }, icon("search"), state.input), state.rows, state.data.manage && foot)
  state.panel = panel
  state.input.oninput = () => list(state)
  state.input.onkeydown = event => onKey(event, state)
  panel.ontoggle = event => {
    if (event.newState !== "closed") return
    panel.remove()
    state.button.setAttribute("aria-expanded", "false")
  }
  state.root.append(panel)
  place(state)
  list(state)
  panel.showPopover()
  state.button.setAttribute("aria-expanded", "true")
  state.input.focus()
  state.at?.scrollIntoView({ block: "nearest" })
  state.root.dataset.openedMs = (performance.now() - started).toFixed(0)
}

/** Above the button when it stands in the lower half of the window, else below it. */
function place(state) {
  const at = state.button.getBoundingClientRect()
  const below = at.top + at.height / 2 < innerHeight / 2
  const room = (below ? innerHeight - at.bottom : at.top) - 16
  const width = Math.min(440, innerWidth - 16)
  Object.assign(state.panel.style, {
    left: `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`,
    top: below ? `${at.bottom + 4}px` : "auto",
    bottom: below ? "auto" : `${innerHeight - at.top + 4}px`,
    maxHeight: `${Math.min(480, room)}px`,
  })
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root")
  const state = states.get(root) ?? { root }
  states.set(root, state)
  state.send = event => setTriggerValue("event", event)
  state.data = data
  if (!state.button) {
    state.button = make("button", { type: "button", className: "open" }, make("span", { className: "title" }), make("span", { className: "provider" }), icon("expand_more"))
    state.button.setAttribute("aria-haspopup", "listbox")
    state.button.setAttribute("aria-expanded", "false")
    state.button.onclick = () => open(state)
    root.append(state.button)
  }
  const [title, provider] = state.button.children
  title.textContent = data.button.title
  provider.textContent = data.button.provider
  state.button.disabled = data.disabled
  state.button.classList.toggle("missing", Boolean(data.missing))
  state.button.setAttribute("aria-label", `${data.label}: ${data.button.title}, ${data.button.provider}`)
  return () => root.isConnected || state.panel?.remove()
}
