// Mermaid diagrams with the copy of mermaid that Streamlit bundles, loaded when the first diagram is drawn.

const diagrams = { library: null, drawn: new Map(), queue: Promise.resolve(), count: 0 };

function loadMermaid(url) {
  diagrams.library ??= import(new URL(url, document.baseURI).href).then((module) => {
    const found = Object.values(module).find((part) => part && typeof part.render === "function" && typeof part.initialize === "function");
    if (!found) throw new Error("Diagrams are not available in this version of Streamlit.");
    return found;
  });
  return diagrams.library;
}

function themeOf(element) {
  const style = getComputedStyle(element);
  const value = (name) => style.getPropertyValue(`--st-${name}`).trim();
  return { background: value("background-color"), surface: value("secondary-background-color"), text: value("text-color"), border: value("border-color"), font: value("font") };
}

function isDark(colour) {
  const probe = h("canvas").getContext("2d");
  probe.fillStyle = colour;
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(probe.fillStyle.slice(at, at + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

// Replace the source in `figure` by its drawing; the source stays one click away, and stays shown when it is wrong.
function drawDiagram(figure, url, host) {
  const pre = figure.querySelector("pre.mermaid");
  if (!pre) return;
  const source = pre.textContent;
  const theme = themeOf(host);
  const name = `${theme.background}${source}`;
  if (figure.diagramName === name) return;
  figure.diagramName = name;
  figure.diagramSource = source;
  diagrams.queue = diagrams.queue.then(async () => {
    try {
      if (!diagrams.drawn.has(name)) diagrams.drawn.set(name, await renderDiagram(source, theme, url));
      showDrawing(figure, diagrams.drawn.get(name));
    } catch (error) {
      figure.querySelector(".drawing")?.remove();
      figure.querySelector(".diagram-problem")?.remove();
      pre.hidden = false;
      figure.append(h("p", { class: "diagram-problem" }, `This diagram cannot be drawn: ${String(error.message ?? error).split("\n")[0]}`));
    }
  });
}

async function renderDiagram(source, theme, url) {
  const mermaid = await loadMermaid(url);
  mermaid.initialize({
    startOnLoad: false, securityLevel: "strict", suppressErrorRendering: true, htmlLabels: false, flowchart: { htmlLabels: false },
    theme: "base", fontFamily: theme.font, fontSize: 14,
    themeVariables: {
      darkMode: isDark(theme.background), background: theme.background, mainBkg: theme.surface, primaryColor: theme.surface,
      primaryTextColor: theme.text, primaryBorderColor: theme.border, lineColor: theme.text, textColor: theme.text,
      secondaryColor: theme.surface, tertiaryColor: theme.background, edgeLabelBackground: theme.background, noteBkgColor: theme.surface, noteTextColor: theme.text, fontFamily: theme.font,
    },
  });
  diagrams.count += 1;
  const { svg } = await mermaid.render(`hub-diagram-${diagrams.count}`, source);
  return svg;
}

function showDrawing(figure, svg) {
  figure.querySelector(".drawing")?.remove();
  figure.querySelector(".diagram-problem")?.remove();
  const drawing = h("div", { class: "drawing", role: "img", "aria-label": "Diagram" });
  drawing.innerHTML = svg;
  figure.querySelector("pre.mermaid").hidden = true;
  figure.append(drawing);
  if (!figure.querySelector("[data-act=diagram-source]"))
    figure.querySelector("figcaption .copy").before(h("button", { type: "button", class: "copy", "data-act": "diagram-source", "aria-pressed": "false" }, "Source"));
}
