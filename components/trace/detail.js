// What is behind a row: its figures, what went into the prompt, arguments and results. All of it is text, never markup.

const SHOWN = 1200; // characters of a text before "Show more"
const many = (count, one, more) => (count === 1 ? `1 ${one}` : `${count.toLocaleString("en")} ${more}`);

function textPart({ text, rest }, label) {
  const pre = h("pre", { tabindex: "0", "aria-label": label, dir: "auto" });
  const left = rest ? `${rest.toLocaleString("en")} more characters are in the download.` : "";
  const box = h("div", { class: "text" }, pre);
  if (text.length <= SHOWN) {
    pre.textContent = text;
    if (left) box.append(h("p", { class: "left" }, left));
    return box;
  }
  pre.textContent = `${text.slice(0, SHOWN)}…`;
  const more = h("button", { type: "button", class: "word more" }, "Show more");
  more.onclick = () => {
    pre.textContent = text;
    more.replaceWith(left ? h("p", { class: "left" }, left) : "");
    pre.focus({ preventScroll: true });
  };
  box.append(more);
  return box;
}

function drawDetail(row, prompt) {
  const facts = row.facts.length ? h("dl", { class: "figures" }, ...row.facts.map(([label, text]) => h("div", {}, h("dt", {}, label), h("dd", {}, text)))) : null;
  return [facts, ...(row.prompt === undefined ? [] : [drawPrompt(row, prompt)]), ...row.parts.map(drawPart)].filter(Boolean);
}

const drawPart = (part) => h("section", { class: `part ${part.title.toLowerCase()}` }, h("h3", {}, part.title), textPart(part, part.title));

function drawPrompt(row, prompt) {
  const part = h("section", { class: "part prompt" }, h("h3", {}, "What went in"));
  if (!row.prompt) {
    part.append(h("p", { class: "left" }, "The prompt of this request is not kept."));
    return part;
  }
  const [from, to] = row.prompt;
  const list = h("div", { class: "messages" });
  if (from) {
    const tokens = prompt.slice(0, from).reduce((sum, one) => sum + one.tokens, 0);
    const before = h("button", { type: "button", class: "word" }, `Show ${many(from, "entry", "entries")} of the step before, about ${many(tokens, "token", "tokens")}`);
    before.onclick = () => {
      const first = list.firstChild;
      list.prepend(...prompt.slice(0, from).map(drawMessage));
      before.remove();
      (list.firstChild ?? first)?.querySelector("summary").focus({ preventScroll: true });
    };
    part.append(before);
  }
  list.append(...prompt.slice(from, to).map(drawMessage));
  part.append(list);
  return part;
}

function drawMessage(one) {
  const box = h("details", { class: "message" },
    h("summary", {}, icon("chevron_right"), h("span", { class: "role" }, one.role),
      ...one.named.map((name) => h("span", { class: "block" }, name)),
      h("span", { class: "first" }, one.first), h("span", { class: "tokens" }, `about ${many(one.tokens, "token", "tokens")}`)));
  box.addEventListener("toggle", () => {
    if (box.open && box.children.length === 1) box.append(...one.pieces.map((piece) => drawPiece(piece, one)));
  });
  return box;
}

const drawPiece = (piece, { role, pieces }) =>
  h("div", { class: "piece" }, piece.title ? h("h4", {}, piece.title, h("span", { class: "tokens" }, `about ${many(piece.tokens, "token", "tokens")}`)) : pieces.length > 1 ? h("h4", {}, "Other text", h("span", { class: "tokens" }, `about ${many(piece.tokens, "token", "tokens")}`)) : null,
    textPart(piece, piece.title || role));
