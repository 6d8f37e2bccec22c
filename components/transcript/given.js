// What tools gave to an answer, what it cites, and what else went into it.

const SHOWN_SOURCES = 3;
const FOLDED_FROM = 4;
const spoken = (name) => (name ? name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase()) : "Tool");
const took = (ms) => (ms < 950 ? `${ms} ms` : seconds(ms));
const counted = (count, one, more) => (count === 1 ? `1 ${one}` : `${count} ${more}`);

function drawTool(call) {
  const state = { running: "progress_activity", error: "error", waiting: "front_hand", lost: "question_mark" }[call.status] ?? "check";
  const said = { running: "Running", error: "Failed", waiting: "Waits for you", lost: "Not known whether it ran" }[call.status] ?? "Done";
  const { agent } = call;
  return h("details", { class: `call ${call.status}`, "data-call": call.id },
    h("summary", {}, ...(agent ? [drawAvatar(agent)] : [icon(call.icon || "build")]), h("span", { class: "title", title: agent?.model || call.name }, agent?.name || call.title || spoken(call.name)),
      h("span", { class: "key", title: agent?.task || call.key }, agent?.task || call.key), h("span", { class: "spacer" }),
      h("span", { class: "gave" }, call.said), call.ms ? h("span", { class: "ms" }, took(call.ms)) : null,
      h("span", { class: "state", role: "img", "aria-label": said }, icon(state)), icon("chevron_right")),
    ...(agent ? drawAsked(agent) : [labelled("Arguments", call.arguments, ""), labelled("Result", call.result, "result")]), drawMore(call));
}

// What can be done with a call that is over, and where to see it in its time.
function drawMore({ id, status, again, message }) {
  const over = ["done", "error", "lost"].includes(status);
  const more = [over && again ? word("Call again", "retry-call", { "data-again": id }) : null, message ? traceLink(message) : null].filter(Boolean);
  return more.length ? h("div", { class: "part more" }, ...more) : null;
}

const traceLink = (message) => h("a", { class: "word", href: `trace?m=${encodeURIComponent(message)}`, "data-act": "open-page", "data-page": "trace", "data-query": `m=${message}` }, "Trace");

const drawAvatar = ({ avatar, hue }) => h("span", { class: "avatar", "aria-hidden": "true", style: hue === null ? null : `--hue:${hue}` }, avatar);

// What a sub-agent was asked, what it called (those that asked others open in turn), and what it said.
function drawAsked(agent) {
  const said = h("div", { class: "part answer", dir: "auto" });
  said.innerHTML = agent.html;
  return [labelled("Task", agent.task, ""),
    agent.lines.length ? h("div", { class: "beneath", role: "group", "aria-label": `What ${agent.name} called` }, ...agent.lines.map((line) => (line.agent ? drawTool(line) : drawLine(line)))) : null,
    agent.html ? said : null, agent.error ? h("p", { class: "part trouble" }, agent.error) : null,
    agent.said || agent.cost || agent.ms ? h("p", { class: "part figures" }, [agent.said, agent.model, agent.ms ? took(agent.ms) : "", agent.cost].filter(Boolean).join(" \u00b7 ")) : null];
}

const drawLine = (line) =>
  h("p", { class: `line ${line.status}` }, icon(line.icon || "build"), h("span", { class: "title" }, line.title || spoken(line.name)),
    h("span", { class: "key", title: line.key }, line.key), h("span", { class: "spacer" }),
    h("span", { class: "ms" }, [line.status === "error" ? `Failed${line.said ? `: ${line.said}` : ""}` : { running: "Running", waiting: "Waits for you", lost: "Not known whether it ran" }[line.status] ?? line.said, line.ms ? took(line.ms) : "", line.cost].filter(Boolean).join(" \u00b7 ")));

const labelled = (label, text, name) => (text ? h("div", { class: "part" }, h("span", { class: "label" }, label), h("pre", { class: name, tabindex: "0" }, text)) : null);

// Calls stay open when they are drawn again; many that are done fold to one line.
function drawTools(article, view) {
  const part = article.parts.calls;
  const open = new Set([...part.querySelectorAll("details[open]")].map((call) => call.dataset.call));
  const focused = part.contains(part.getRootNode().activeElement) && part.getRootNode().activeElement.closest("details")?.dataset.call;
  const again = view.status !== "streaming" && view.status !== "waiting" && !view.local && !article.closest(".pane");
  const message = again && view.facts.length ? view.id : null;
  const calls = view.tools.map((call) => ({ ...call, again, message })).flatMap((call) => (call.ask ? [drawTool(call), drawAsk(call)] : [drawTool(call)]));
  if (view.status !== "waiting" && view.status !== "streaming" && calls.length >= FOLDED_FROM) part.replaceChildren(folded(view.tools, calls));
  else part.replaceChildren(...calls);
  for (const call of part.querySelectorAll("details")) {
    call.open = open.has(call.dataset.call);
    if (call.dataset.call === focused) call.querySelector("summary").focus({ preventScroll: true });
  }
}

function folded(tools, calls) {
  const failed = tools.filter((call) => call.status === "error").length;
  const ms = tools.reduce((sum, call) => sum + (call.ms ?? 0), 0);
  return h("details", { class: "work", "data-call": "all" },
    h("summary", {}, icon("build"), h("span", { class: "title" }, `Used ${tools.length} tools`),
      failed ? h("span", { class: "key" }, `${failed} failed`) : null, h("span", { class: "spacer" }), ms ? h("span", { class: "ms" }, took(ms)) : null, icon("chevron_right")),
    h("div", { class: "steps" }, ...calls));
}

function drawGiven(article, view) {
  const part = article.parts.given;
  const wasOpen = Boolean(part.querySelector("details[open]"));
  const more = Boolean(part.querySelector(".sources.all"));
  const given = view.status === "streaming" ? [] : (view.sources ?? []);
  const cited = given.filter((source) => ["document", "web"].includes(source.kind));
  const used = given.filter((source) => ["memory", "message"].includes(source.kind));
  part.replaceChildren(...(cited.length ? [drawSources(cited, more)] : []), ...(used.length ? [drawUsed(used, wasOpen)] : []));
}

function drawSources(sources, all) {
  const row = h("div", { class: all ? "sources all" : "sources", role: "group", "aria-label": "Sources" }, h("span", { class: "label" }, "Sources"), ...sources.map(drawSource));
  const hidden = sources.length - SHOWN_SOURCES;
  if (hidden > 0) row.append(h("button", { type: "button", class: "source more", "data-act": "all-sources" }, `${hidden} more`));
  return row;
}

const drawSource = (source) =>
  h("button", { type: "button", class: source.cited ? "source" : "source uncited", "data-act": "source", "data-at": source.at, title: [source.title, source.place, source.cited ? "" : "Given, not cited"].filter(Boolean).join(" · ") },
    source.number ? h("span", { class: "number" }, source.number) : icon("description"), h("span", { class: "name" }, source.title), h("span", { class: "place" }, source.place));

function drawUsed(used, open) {
  const memories = used.filter((source) => source.kind === "memory");
  const messages = used.filter((source) => source.kind === "message");
  const said = [memories.length && counted(memories.length, "memory", "memories"), messages.length && counted(messages.length, "earlier message", "earlier messages")].filter(Boolean);
  return h("details", { class: "used", open },
    h("summary", {}, icon("chevron_right"), h("span", { class: "title" }, `Used in this answer: ${said.join(", ")}`)),
    h("ul", {}, ...memories.map(drawMemory), ...messages.map(drawPast)));
}

const drawMemory = (source) =>
  h("li", { "data-item": source.item }, icon("bookmark"), h("div", { class: "said" }, h("p", { dir: "auto" }, source.text),
    h("p", { class: "about" }, source.place ? h("span", {}, source.place) : null,
      h("a", { href: `memory?fact=${encodeURIComponent(source.item)}`, "data-act": "open-fact", "data-item": source.item }, "Open in memory"),
      h("button", { type: "button", class: "plain", "data-act": "memory-wrong", "data-item": source.item }, "This is wrong"))));

const drawPast = (source) =>
  h("li", {}, icon("forum"), h("div", { class: "said" }, h("p", { dir: "auto" }, source.text),
    h("p", { class: "about" }, source.place ? h("span", {}, source.place) : null,
      source.conversation ? h("a", { href: `?c=${encodeURIComponent(source.conversation)}&m=${encodeURIComponent(source.item)}`, "data-act": "open-message", "data-item": source.item, "data-chat": source.conversation }, source.title || "Open the chat") : source.title)));
