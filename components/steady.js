// News must not swallow a click: what it draws anew under a pressed button would take the button away before it is let
// go. So it waits until the press is over, at most a second, and as long as `busy()` says that a menu or a field is open
// in there. Of several pieces of news only the last is drawn. Gives the function that draws what waits.

const presses = new WeakMap();

function steady(root, draw, busy = () => false) {
  const press = presses.get(root) ?? watchPress(root);
  Object.assign(press, { draw, busy });
  press.settle();
  return press.settle;
}

function watchPress(root) {
  const press = {
    down: 0,
    settle() {
      if (!press.draw || press.down || press.busy()) return;
      const { draw } = press;
      press.draw = null;
      draw();
    },
  };
  root.addEventListener("pointerdown", () => {
    const over = new AbortController();
    const end = (ms) => {
      if (over.signal.aborted) return;
      over.abort();
      setTimeout(() => (press.down--, press.settle()), ms);
    };
    press.down++;
    // The click comes right after the release; a finger's a little later.
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, () => end(30), { capture: true, signal: over.signal });
    setTimeout(() => end(0), 1000);
  });
  root.addEventListener("toggle", ({ newState }) => newState === "closed" && setTimeout(press.settle), true);
  presses.set(root, press);
  return press;
}
