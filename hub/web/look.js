// Runs before anything of the page: Streamlit asks the system for light or dark, and this answers for the person.
(() => {
  const root = document.documentElement
  const wanted = "(prefers-color-scheme: dark)"
  const ask = window.matchMedia.bind(window)
  const system = ask(wanted)
  const dark = () => (root.dataset.look === "system" ? system.matches : root.dataset.look === "dark")
  const answer = new EventTarget()
  answer.media = wanted
  answer.addListener = (heard) => answer.addEventListener("change", heard)
  answer.removeListener = (heard) => answer.removeEventListener("change", heard)
  Object.defineProperty(answer, "matches", { get: dark })
  const tell = () => answer.dispatchEvent(Object.assign(new Event("change"), { matches: dark(), media: wanted }))
  window.matchMedia = (query) => (query === wanted ? answer : ask(query))
  system.addEventListener("change", () => { if (root.dataset.look === "system") tell() })
  window.hubLook = (look) => {
    if (root.dataset.look === look) return
    root.dataset.look = look
    tell()
  }
  // What Streamlit's own menu once stored for a page would win over the person's choice.
  for (const name of Object.keys(localStorage)) if (name.startsWith("stActiveTheme")) localStorage.removeItem(name)
})()
