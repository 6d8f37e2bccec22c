// `data`: {token, text, more}. Shows a new token for eight seconds, longer while the pointer or the focus is on it.
const states = new WeakMap()
const SHOWN_MS = 8000

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root")
  const state = states.get(root) ?? { token: "" }
  states.set(root, state)
  const hide = () => { clearTimeout(state.timer); root.classList.remove("shown") }
  const later = () => { clearTimeout(state.timer); state.timer = setTimeout(hide, SHOWN_MS) }
  if (data.token === state.token) return
  state.token = data.token
  if (!data.token) return hide()

  const text = Object.assign(document.createElement("span"), { className: "text", textContent: data.text })
  const button = (label, name) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: label })
    made.onclick = () => { hide(); setTriggerValue(name, data.token) }
    return made
  }
  root.onmouseenter = root.onfocusin = () => clearTimeout(state.timer)
  root.onmouseleave = root.onfocusout = later
  root.replaceChildren(text, ...(data.more ? [button(data.more, "more")] : []), button("Undo", "undo"))
  root.classList.add("shown")
  later()
  return () => clearTimeout(state.timer)
}
