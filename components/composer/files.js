// Files that will go with the next message: uploaded at once, shown as chips with how they will go in.

class Files {
  constructor(composer) {
    this.composer = composer;
    this.list = [];
    this.place = composer.root.querySelector(".chips");
    this.input = composer.root.querySelector("input[type=file]");
    this.input.onchange = () => {
      this.add([...this.input.files]);
      this.input.value = "";
    };
  }

  get ready() {
    return this.list.filter((file) => file.id);
  }

  get busy() {
    return this.list.some((file) => file.state === "uploading");
  }

  get failed() {
    return this.list.some((file) => file.state === "failed");
  }

  set(files) {
    this.list = files;
    this.draw();
  }

  add(picked) {
    for (const blob of picked) {
      const limit = this.composer.data.max_mb;
      const file = { name: blob.name || "pasted image.png", size: blob.size, mime: blob.type, blob, state: "uploading", kind: blob.type.startsWith("image/") ? "image" : "text" };
      this.list.push(file);
      if (blob.size > limit * 1e6) this.fail(file, `Larger than ${limit} MB, so it was not sent.`);
      else this.upload(file);
    }
    this.draw();
  }

  // Files that the hub fetches by itself; `ask` gives what it has stored.
  take(name, ask) {
    const file = { name, size: 0, mime: "", ask, state: "uploading", kind: "text" };
    this.list.push(file);
    this.upload(file);
    this.draw();
  }

  async upload(file) {
    Object.assign(file, { state: "uploading", again: false });
    try {
      const answer = await (file.ask ?? (() => this.send(file)))();
      const [stored, ...more] = answer.files ?? answer;
      if (stored.error) throw Object.assign(new Error(stored.error.message), stored.error);
      Object.assign(file, stored, { state: "ready", blob: null, ask: null });
      // What is fetched twice is one file.
      this.list = this.list.filter((other) => other === file || other.id !== file.id);
      this.list.splice(this.list.indexOf(file) + 1, 0, ...more.map((one) => ({ ...one, state: "ready" })));
    } catch (error) {
      this.fail(file, [error.message, error.hint].filter(Boolean).join(" "), Boolean(file.ask) || error.kind === "offline");
    }
    this.draw();
    this.composer.changed();
  }

  send(file) {
    const form = new FormData();
    form.append("file", file.blob, file.name);
    return api("/api/files", { form });
  }

  fail(file, reason, again = false) {
    Object.assign(file, { state: "failed", reason, again });
  }

  remove(file) {
    this.list = this.list.filter((other) => other !== file);
    this.draw();
    this.composer.changed();
  }

  draw() {
    this.place.replaceChildren(...this.list.map((file) => {
      const said = { uploading: file.ask ? "reading" : "uploading", failed: file.reason, ready: [file.tokens ? `about ${file.tokens.toLocaleString()} tokens` : fileSize(file.size), file.warning].filter(Boolean).join(" \u00b7 ") }[file.state];
      const remove = h("button", { type: "button", class: "remove", "aria-label": `Remove ${file.name}`, title: "Remove" }, icon("close"));
      remove.onclick = () => this.remove(file);
      const retry = file.again ? word("Retry", "") : null;
      if (retry) retry.onclick = () => (this.upload(file), this.draw());
      const glyph = file.kind === "image" && file.id ? h("img", { src: `/api/files/${file.id}`, alt: "" }) : icon({ uploading: "progress_activity", failed: "error" }[file.state] ?? "description");
      return h("span", { class: `chip ${file.state}`, title: file.how || file.name }, glyph, h("span", { class: "lines" }, h("span", { class: "name" }, file.name), h("span", { class: "said" }, said)), retry, remove);
    }));
  }
}
