// Who is asked, where several models answer side by side: all of them, or one.

class Whom {
  constructor(composer) {
    this.composer = composer;
    this.button = composer.root.querySelector("[data-act=whom]");
    this.choices = [];
    this.one = null;
  }

  // The ids of those that are asked; none stands for all.
  get chosen() {
    return this.one ? [this.one] : [];
  }

  update({ whom }) {
    this.choices = whom;
    if (!whom.some(({ id }) => id === this.one)) this.one = null;
    this.draw();
  }

  // Each message goes to all again.
  all() {
    this.one = null;
    this.draw();
  }

  only(id) {
    if (this.choices.some((choice) => choice.id === id)) this.one = id;
    this.draw();
  }

  open() {
    const mark = (id) => (id === this.one ? "radio_button_checked" : "radio_button_unchecked");
    const items = [{ id: null, label: `All ${this.choices.length} models`, icon: mark(null) }, "-", ...this.choices.map(({ id, label }) => ({ id, label, icon: mark(id) }))];
    openMenu(this.composer.shadow, this.button, items, ({ id }) => ((this.one = id), this.draw(), this.composer.focus()), { label: "Who is asked" });
  }

  draw() {
    this.button.hidden = this.choices.length < 2;
    const one = this.choices.find(({ id }) => id === this.one);
    this.button.firstElementChild.textContent = one ? `To ${one.label}` : `To all ${this.choices.length}`;
    this.button.title = one ? "Only this model is asked" : "All models are asked";
  }
}
