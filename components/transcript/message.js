// One message: its fixed parts are made once and then filled; only parts that changed are touched.

const PARTS = ["who", "files", "reasoning", "calls", "body", "images", "notes", "problem", "given", "foot", "after"];

function makeMessage(id, role) {
  const article = h("article", { class: `message ${role}`, "data-id": id, "aria-label": { user: "Your message", assistant: "Answer", system: "System message" }[role] });
  article.parts = Object.fromEntries(PARTS.map((name) => [name, h(name === "foot" ? "footer" : "div", { class: name })]));
  article.append(...Object.values(article.parts));
  return article;
}

function drawMessage(article, view, state) {
  article.view = view;
  article.revision = view.revision;
  article.dataset.id = view.id;
  article.dataset.status = view.status;
  const parts = article.parts;
  parts.who.replaceChildren(...(view.role === "system" ? [h("span", { class: "label" }, "System message")] : []));
  parts.files.replaceChildren(...view.files.map(drawFile));
  drawBody(article, view);
  drawReasoning(article, view);
  drawTools(article, view);
  parts.images.replaceChildren(...view.images.map(drawImage));
  parts.notes.replaceChildren(...(silent(view) ? [] : view.notices).map((text) => h("p", { class: "notice" }, icon("info"), text)));
  parts.problem.replaceChildren(...drawProblem(view));
  drawGiven(article, view);
  drawFoot(article, view, state);
  drawSummary(article, view.summary);
  article.classList.toggle("streaming", view.status === "streaming");
  if (view.status !== "streaming") settle(article, state);
}

function drawBody(article, view) {
  const body = article.parts.body;
  if (view.status === "streaming") {
    // An answer that is continued keeps what it had; the new blocks come after it.
    if (article.kept === undefined && view.html) morph(body, view.html), (article.kept = body.children.length);
    return;
  }
  article.kept = undefined;
  if (view.html) morph(body, view.html);
  else if (view.text) morph(body, "<div class='typed' dir='auto'></div>"), (body.firstChild.textContent = view.text);
  else body.replaceChildren();
  body.classList.toggle("long", view.role === "user" && view.text.length > 2400);
  if (body.classList.contains("long") && !article.querySelector(".unfold"))
    body.after(h("button", { type: "button", class: "unfold word", "data-act": "unfold", "aria-expanded": "false" }, "Show all"));
}

// What only finished text gets: diagrams are drawn.
function settle(article, state) {
  for (const figure of article.parts.body.querySelectorAll("figure.diagram")) drawDiagram(figure, state.data.mermaid, state.root);
}

const seconds = (ms) => (ms < 950 ? "less than a second" : ms < 9500 ? `${(ms / 1000).toFixed(1)} s` : ms < 90000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60000)} min`);

function reasoningPart(article) {
  let details = article.parts.reasoning.firstElementChild;
  if (!details) {
    details = h("details", {}, h("summary", {}, icon("chevron_right"), h("span", { class: "title" }, "Thinking")), h("div", { class: "thought", dir: "auto" }));
    article.parts.reasoning.append(details);
  }
  return details;
}

function drawReasoning(article, view) {
  if (!view.reasoning) {
    if (view.status !== "streaming") article.parts.reasoning.replaceChildren();
    return;
  }
  const details = reasoningPart(article);
  const thought = details.querySelector(".thought");
  if (thought.textContent !== view.reasoning) thought.textContent = view.reasoning;
  details.classList.remove("busy");
  details.querySelector(".title").textContent = view.reasoning_ms ? `Thought for ${seconds(view.reasoning_ms)}` : "Thoughts";
}

function drawFile(file) {
  const address = file.id ? `/api/files/${file.id}` : null;
  const title = [file.how, file.warning].filter(Boolean).join(" ") || file.name;
  const said = (text) => h("span", { class: file.cut ? "size cut" : "size" }, text);
  if (file.kind === "image" && address)
    return h("a", { class: "picture", href: address, target: "_blank", rel: "noopener", title },
      h("img", { src: address, alt: file.name, loading: "lazy" }), file.cut ? said(file.said) : null);
  return h(address ? "a" : "span", { class: "file", href: address, target: "_blank", rel: "noopener", title },
    icon(file.kind === "image" ? "image" : "description"), h("span", { class: "lines" }, h("span", { class: "name" }, file.name), said(file.said || fileSize(file.size))));
}

const drawImage = (file) =>
  h("a", { class: "made", href: file.source ?? `/api/files/${file.id}`, target: "_blank", rel: "noopener" },
    h("img", { src: file.source ?? `/api/files/${file.id}`, alt: file.name || "Image made by the model", loading: "lazy" }));

// An answer that ended well and has nothing in it.
const silent = (view) => view.role === "assistant" && view.status === "done" && view.finish !== "length" && !view.text && !view.images.length && !view.tools.length;

function drawSilence(view) {
  return [h("div", { class: "card silent" }, icon("chat_bubble_off"),
    h("div", { class: "said" }, h("p", { class: "cause" }, view.notices.join(" ") || "The model thought about it and ended without an answer."),
      h("p", {}, "Your message is kept. The provider may have charged for reading it."),
      againButtons(view)))];
}

function drawProblem(view) {
  if (silent(view)) return drawSilence(view);
  if (view.error)
    return [h("div", { class: "card error", role: "alert" }, icon("error"),
      h("div", { class: "said" }, h("p", { class: "cause" }, view.error.message), view.error.hint ? h("p", {}, view.error.hint) : null,
        againButtons(view)))];
  const stopped = {
    interrupted: "The hub stopped while this was being written. What had arrived is kept.",
    cancelled: "Stopped.",
  }[view.status] ?? (view.role === "assistant" && view.finish === "length" ? "The answer reached its output limit." : null);
  if (!stopped) return [];
  return [h("div", { class: `card ${view.status}` }, icon(view.status === "interrupted" ? "warning" : "stop_circle"),
    h("div", { class: "said" }, h("p", {}, stopped), againButtons({ ...view, stopped: true })))];
}

// A summary that is being edited stays as it is; one that is open stays open, and keeps the focus.
function drawSummary(article, summary) {
  const known = article.parts.after.querySelector(".summary");
  const focused = known?.contains(known.getRootNode().activeElement);
  if (!summary) {
    known?.remove();
    return focused ? article.querySelector('[data-act="menu"]')?.focus({ preventScroll: true }) : undefined;
  }
  if (known?.classList.contains("editing")) return;
  const body = h("div", { class: "body", dir: "auto" });
  body.innerHTML = summary.html;
  const drawn = h("details", { class: "summary", open: known?.open },
    h("summary", {}, icon("summarize"), h("span", { class: "title" }, summary.title), h("span", { class: "spacer" }), icon("chevron_right")),
    body, h("div", { class: "actions" }, word("Edit summary", "edit-summary"), word("Remove summary", "drop-summary")));
  if (known) known.replaceWith(drawn);
  else article.parts.after.prepend(drawn);
  if (focused) drawn.querySelector('[data-act="edit-summary"]').focus({ preventScroll: true });
}
