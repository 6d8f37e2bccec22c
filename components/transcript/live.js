// One run that is being written: its events are gathered and drawn once a frame.

const LONGEST_RESULT = 20000;
const UNSEEN_MS = 100; // what nobody sees is drawn less often

class LiveRun {
  constructor(run, answers, from, state) {
    Object.assign(this, { run, answers, state, last: from || 0, ended: false, blocks: new Map(), thoughts: new Map(), calls: new Map(), started: new Map() });
  }

  close() {
    this.ended = true;
    this.stream?.close();
  }

  article(target) {
    return this.state.articles.get(this.answers[target]);
  }

  take(event) {
    // After a lost connection everything comes again from the start; blocks replace themselves, the rest is skipped.
    // The end counts whatever its number is: after a crash it follows the last stored event, and more than that was seen.
    if (event.type === "block") this.blocks.set(`${event.target}:${event.index}`, event);
    else if (event.type === "end") return this.end();
    else if (event.seq <= this.last) return;
    else {
      this.last = event.seq;
      if (event.type === "reasoning") this.thoughts.set(event.target, (this.thoughts.get(event.target) ?? "") + event.text);
      else if (event.type !== "text") this.draw(event);
    }
    if (!this.started.has(event.target)) this.started.set(event.target, performance.now());
    this.schedule();
  }

  schedule() {
    if (this.frame) return;
    this.frame = document.hidden ? setTimeout(() => this.flush(), 250) : requestAnimationFrame(() => this.flush());
  }

  flush() {
    this.frame = null;
    for (const [target, text] of this.thoughts) this.think(target, text);
    this.thoughts.clear();
    if (this.blocks.size && !this.drawn) {
      this.drawn = true;
      requestAnimationFrame(() => setTimeout(() => tell("hub:drawn", { run: this.run })));
    }
    const now = performance.now();
    for (const [key, block] of this.blocks) {
      if (!this.ending && this.state.waits(this.article(block.target), now)) continue;
      this.blocks.delete(key);
      this.drawBlock(block);
    }
    if (this.blocks.size) this.frame = setTimeout(() => this.flush(), UNSEEN_MS);
  }

  think(target, text) {
    const article = this.article(target);
    if (!article) return;
    const details = reasoningPart(article);
    details.classList.add("busy");
    const thought = details.querySelector(".thought");
    if (thought.firstChild) thought.firstChild.appendData(text);
    else thought.append(text);
    article.classList.remove("waiting");
  }

  drawBlock({ target, index, html, tail }) {
    const article = this.article(target);
    if (!article) return;
    this.thought(article, target);
    article.classList.remove("waiting");
    const body = article.parts.body;
    const at = index + (article.kept ?? 0);
    while (body.children.length <= at) body.append(h("div"));
    const known = body.children[at];
    const next = h("template");
    next.innerHTML = html;
    const wanted = next.content.firstElementChild ?? h("div", { hidden: true });
    if (known.nodeName === wanted.nodeName) patchNode(known, wanted);
    else known.replaceWith(wanted);
    const drawn = body.children[at];
    if (!tail && drawn.matches("figure.diagram")) drawDiagram(drawn, this.state.data.mermaid, this.state.root);
  }

  // Reasoning is over once other output comes.
  thought(article, target) {
    const details = article.parts.reasoning.firstElementChild;
    if (!details?.classList.contains("busy")) return;
    details.classList.remove("busy");
    details.querySelector(".title").textContent = `Thought for ${seconds(performance.now() - (this.started.get(target) ?? performance.now()))}`;
  }

  draw(event) {
    const article = this.article(event.target);
    if (!article) return;
    if (event.type === "tool_call") this.drawCall(article, event);
    else if (event.type === "tool_result") this.drawResult(article, event);
    else if (event.type === "tool_wait") this.drawWait(article, event);
    else if (event.type === "notice") article.parts.notes.append(h("p", { class: "notice" }, icon("info"), event.text));
    else if (event.type === "image") article.parts.images.append(drawImage({ source: `data:${event.mime};base64,${event.data}` }));
    else if (event.type === "error") {
      const { message, hint } = event.error ?? event;
      article.parts.problem.replaceChildren(...drawProblem({ error: { message, hint }, text: "" }));
    } else if (event.type === "done") article.classList.remove("streaming", "waiting");
  }

  drawCall(article, { target, index, id, name, arguments: text = "", done }) {
    const key = `${target}:${index}`;
    const call = this.calls.get(key) ?? { id: "", name: "", arguments: "", status: "running", key: "" };
    this.calls.set(key, call);
    call.id = id || call.id;
    call.name = name || call.name;
    call.arguments += text;
    if (done) call.key = keyArgument(call.arguments);
    this.showCall(article, key, call);
  }

  drawResult(article, { target, id, text = "", said = "", error, ms, title = "", icon = "" }) {
    const found = [...this.calls].find(([key, call]) => key.startsWith(`${target}:`) && call.id === id) ?? this.earlier(article, target, id);
    if (!found) return;
    Object.assign(found[1], { status: error ? "error" : "done", result: text.slice(0, LONGEST_RESULT), said, ms, title, icon });
    this.showCall(article, ...found);
  }

  // A call from before the answer waited for the person: it stands there already.
  earlier(article, target, id) {
    const call = article.view?.tools.find((one) => one.id === id);
    return call && [`${target}:before:${id}`, { ...call }];
  }

  drawWait(article, { target, id, title = "", icon = "" }) {
    const found = [...this.calls].find(([key, call]) => key.startsWith(`${target}:`) && call.id === id);
    if (!found) return;
    Object.assign(found[1], { status: "waiting", title, icon });
    this.showCall(article, ...found);
  }

  showCall(article, key, call) {
    const drawn = drawTool(call);
    const known = [...article.parts.calls.children].find((child) => child.dataset.key === key || (child.dataset.call === call.id && key.includes(":before:")));
    drawn.dataset.key = key;
    if (!known) return article.parts.calls.append(drawn);
    drawn.open = known.open;
    known.replaceWith(drawn);
  }

  end() {
    if (this.frame) (cancelAnimationFrame(this.frame), clearTimeout(this.frame));
    this.ending = true;
    this.flush();
    this.close();
    this.state.finished(this.run);
  }
}

function keyArgument(text) {
  try {
    const first = Object.values(JSON.parse(text)).find((value) => ["string", "number"].includes(typeof value));
    return first === undefined ? "" : String(first).slice(0, 80);
  } catch {
    return "";
  }
}
