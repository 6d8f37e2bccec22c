// Where the reader is in the board: columns scroll together if wanted, the tabs lead sideways, and only columns that are
// seen are drawn at full rate.

class Scrolling {
  constructor(board) {
    this.board = board;
    this.synced = localStorage.getItem("hub.compare.synced") !== "no";
    this.seen = new IntersectionObserver((entries) => this.see(entries), { root: board.parts.board, rootMargin: "0px 120px" });
    const lead = (event) => (this.leader = event.target.closest?.(".pane")?.pane ?? null);
    for (const name of ["wheel", "touchstart", "pointerdown", "keydown"]) board.parts.board.addEventListener(name, lead, { passive: true, capture: true });
    board.parts.board.addEventListener("scroll", (event) => this.scrolled(event.target), { passive: true, capture: true });
    board.parts.board.addEventListener("keydown", (event) => this.key(event));
    board.parts.tabs.addEventListener("click", (event) => this.jump(event.target.closest("[data-pane]")?.dataset.pane));
  }

  close() {
    this.seen.disconnect();
  }

  see(entries) {
    for (const { target, isIntersecting, intersectionRatio } of entries) {
      target.pane.seen = isIntersecting;
      target.pane.share = intersectionRatio;
    }
    this.board.flush();
    this.current();
  }

  scrolled(target) {
    if (target === this.board.parts.board) return this.frame ??= requestAnimationFrame(() => ((this.frame = null), this.current()));
    const pane = target.closest?.(".pane")?.pane;
    if (!pane || pane !== this.leader) return;
    pane.sticking = pane.busy && pane.flow.scrollHeight - pane.flow.scrollTop - pane.flow.clientHeight < 8;
    if (this.synced) this.turnFrame ??= requestAnimationFrame(() => ((this.turnFrame = null), this.follow(pane)));
  }

  // The others show the same turn at the same depth; one that is shorter stays at its end.
  follow(leader) {
    const turns = [...leader.messages.children];
    const top = leader.flow.scrollTop;
    const at = Math.max(0, turns.findLastIndex((turn) => turn.offsetTop <= top + 1));
    const depth = top - (turns[at]?.offsetTop ?? 0);
    for (const pane of this.board.panes.values()) {
      const turn = pane.messages.children[at];
      if (pane !== leader && turn) pane.flow.scrollTop = Math.min(turn.offsetTop + depth, Math.max(turn.offsetTop, turn.offsetTop + turn.offsetHeight - pane.flow.clientHeight));
    }
  }

  toggle() {
    this.synced = !this.synced;
    localStorage.setItem("hub.compare.synced", this.synced ? "yes" : "no");
    this.draw();
    this.board.say(this.synced ? "Columns scroll together" : "Each column scrolls by itself");
  }

  // With the arrows from column to column.
  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || !event.target.matches(".flow")) return;
    const all = [...this.board.panes.values()];
    const next = all[all.indexOf(event.target.closest(".pane").pane) + step];
    if (!next) return;
    event.preventDefault();
    next.flow.focus({ preventScroll: true });
    this.jump(next.id);
  }

  jump(id) {
    const pane = this.board.panes.get(id);
    const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (pane) this.board.parts.board.scrollTo({ left: pane.element.offsetLeft - this.board.parts.board.offsetLeft, behavior: quiet ? "instant" : "smooth" });
  }

  // Tabs stand where not all columns fit; they tell which are in sight and which still write.
  draw() {
    const { tabs, board, title, sync } = this.board.parts;
    const wide = board.scrollWidth > board.clientWidth + 4;
    tabs.hidden = !wide;
    title.hidden = wide;
    sync.setAttribute("aria-pressed", String(this.synced));
    sync.title = this.synced ? "Columns scroll together" : "Each column scrolls by itself";
    sync.hidden = this.board.panes.size < 2;
    const all = [...this.board.panes.values()];
    const said = JSON.stringify(all.map((pane) => [pane.id, pane.name, pane.view.letter]));
    if (said !== this.said)
      tabs.replaceChildren(...all.map((pane) => h("button", { type: "button", class: "tab", "data-pane": pane.id, title: pane.name }, h("span", { class: "dot", "aria-hidden": "true" }), `${pane.view.letter || pane.place}`, h("span", { class: "name" }, pane.name))));
    this.said = said;
    tabs.classList.toggle("many", all.length > 6);
    this.current();
  }

  current() {
    const { tabs, board } = this.board.parts;
    if (tabs.hidden) return;
    const left = board.scrollLeft;
    const right = left + board.clientWidth;
    for (const tab of tabs.children) {
      const pane = this.board.panes.get(tab.dataset.pane);
      if (!pane) continue;
      const start = pane.element.offsetLeft - board.offsetLeft;
      const inSight = start + pane.element.offsetWidth * 0.6 > left && start + pane.element.offsetWidth * 0.4 < right;
      tab.setAttribute("aria-current", String(inSight));
      tab.classList.toggle("busy", pane.busy);
    }
    const first = tabs.querySelector('[aria-current="true"]');
    if (first && first !== this.first) tabs.scrollTo({ left: first.offsetLeft - tabs.offsetLeft - 24 });
    this.first = first;
  }
}
