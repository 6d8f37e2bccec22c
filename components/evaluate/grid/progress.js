// How far the run is, and what can be done with it.

const STATUS = { running: ["progress_activity", "Running"], paused: ["pause_circle", "Paused"], cancelled: ["cancel", "Cancelled"], capped: ["money_off", "Cap reached"], done: ["check_circle", "Done"] };

class ProgressBar {
  constructor(grid) {
    this.grid = grid;
    this.sign = icon("");
    this.status = h("b", {});
    this.words = h("span", { class: "words", "aria-live": "polite" });
    this.bar = h("div", { class: "bar", role: "progressbar", "aria-label": "Cells done", "aria-valuemin": "0", "aria-valuemax": "100" }, h("i", { class: "done" }), h("i", { class: "errors" }));
    this.said = h("p", { class: "said", role: "status", hidden: true });
    this.judges = h("ul", { class: "judges", "aria-label": "How far judges agree with you", hidden: true });
    this.buttons = h("span", { class: "buttons" });
    this.element = h("section", { class: "progress", "aria-label": "Progress" }, h("div", { class: "line" }, this.sign, this.status, this.words, h("span", { class: "spacer" }), this.buttons), this.bar, this.said, this.judges);
    this.drawn = "";
  }

  draw(progress) {
    const [sign, label] = STATUS[progress.status];
    const running = progress.status === "running";
    this.element.className = `progress ${progress.status}`;
    this.sign.textContent = sign;
    this.status.textContent = label;
    this.words.textContent = this.told(progress, running);
    const done = progress.done + progress.errors;
    this.bar.hidden = !running && done === progress.cells;
    this.bar.setAttribute("aria-valuenow", String(Math.floor((100 * done) / Math.max(1, progress.cells))));
    this.bar.firstChild.style.width = `${(100 * progress.done) / Math.max(1, progress.cells)}%`;
    this.bar.lastChild.style.width = `${(100 * progress.errors) / Math.max(1, progress.cells)}%`;
    this.said.hidden = !progress.said;
    this.said.textContent = progress.said;
    this.offer(progress);
  }

  // How far each judge agrees with the person: what its scores are worth.
  weigh(sentences) {
    this.judges.hidden = !sentences.length;
    const key = sentences.join("\n");
    if (key !== this.weighed) this.judges.replaceChildren(...sentences.map((one) => h("li", {}, icon("balance"), h("span", {}, one))));
    this.weighed = key;
  }

  told(progress, running) {
    const done = progress.done + progress.errors;
    const parts = [done === progress.cells ? many(progress.cells, "cell") : `${number(done)} of ${many(progress.cells, "cell")}`];
    if (progress.errors) parts.push(many(progress.errors, "error"));
    if (running && progress.in_flight) parts.push(`${progress.in_flight} under way`);
    if (running && progress.rate) parts.push(`${progress.rate < 10 ? progress.rate.toFixed(1) : Math.round(progress.rate)} a second`);
    if (running && progress.seconds_left !== null) parts.push(left(progress.seconds_left));
    const spent = progress.spent ? dollars(progress.spent) : "$0.00";
    if (progress.cap !== null) parts.push(`${spent} of ${dollars(progress.cap)} spent`);
    else if (progress.spent) parts.push(`${spent} spent`);
    return parts.join(" · ");
  }

  // The buttons are only made anew when others are right, so that the focus stays.
  offer({ status, errors, done, cells }) {
    const open = done + errors < cells;
    const acts = [];
    if (status === "running") acts.push(["pause", "Pause run"]);
    if (open && (status === "paused" || status === "capped")) acts.push(["resume", "Resume run"]);
    if (errors && status !== "running") acts.push(["retry", `Retry ${many(errors, "error")}`]);
    const key = JSON.stringify([acts, status, open]);
    if (key === this.drawn) return;
    this.drawn = key;
    const buttons = acts.map(([act, label]) => word(label, act));
    for (const button of buttons) button.onclick = () => this.grid.act(button.dataset.act, button);
    const save = h("button", { type: "button", class: "word more", "aria-haspopup": "menu", "data-act": "export" }, "Export", icon("expand_more"));
    const forms = this.grid.data.forms.map(([form, label]) => ({ label, icon: "download", form }));
    save.onclick = () => openMenu(this.grid.shadow, save, forms, ({ form }) => this.grid.download(form), { label: "Export as" });
    const more = tool("more_horiz", "More actions", "more", { "aria-haspopup": "menu" });
    more.onclick = () => openMenu(this.grid.shadow, more, this.menu(status, open), ({ act }) => (act === "cancel" ? this.grid.act("cancel", more) : this.grid.send({ do: act })), { label: "Actions for this run" });
    this.buttons.replaceChildren(...buttons, ...(forms.length ? [save] : []), more);
  }

  menu(status, open) {
    return [
      { label: "Add models or rows", icon: "add_circle", act: "extend" },
      { label: "Judge again", icon: "gavel", act: "rejudge" },
      { label: "New run with these models", icon: "replay", act: "again" },
      ...(open && status !== "cancelled" ? [{ label: "Change limits", icon: "speed", act: "limits" }] : []),
      "-",
      ...(open && status !== "cancelled" ? [{ label: "Cancel run", icon: "cancel", act: "cancel", danger: true }] : []),
      { label: "Delete run", icon: "delete", act: "delete", danger: true },
    ];
  }
}
