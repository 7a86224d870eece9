// The list of keys, opened with "?".

const KEYS = [
  ["Move", [["← ↑ → ↓", "to the next card"], ["Home End", "first, last"], ["PgUp PgDn", "a screen"], ["N", "next empty caption"], ["/", "filter"]]],
  ["Write", [["Enter", "edit the caption"], ["Ctrl ↵", "save, edit the next"], ["Tab", "take the suggestion"], ["Esc", "leave the caption"], ["Ctrl S", "save now"]]],
  ["Decide", [["X", "reject, go on"], ["P", "keep, go on"], ["U", "undecided"], ["E", "look closer"]]],
  ["Choose several", [["Space", "one more, one less"], ["Shift ← →", "a range"], ["Ctrl A", "all in view"], ["Esc", "none"]]],
  ["Take back", [["Ctrl Z", "undo"], ["Ctrl Shift Z", "redo"]]],
  ["Size", [["Ctrl wheel", "3 to 8 columns"]]],
];

function showKeys(root) {
  const box = h("dialog.box.keys", { "aria-label": "Keys" },
    h("h2", {}, "Keys"),
    h("div.columns", {}, ...KEYS.map(([title, keys]) => h("section", {}, h("h3", {}, title),
      ...keys.map(([key, what]) => h("div.key", {}, h("span", {}, ...key.split(" ").map(kbd)), what))))),
    h("div.line", {}, h("span.sub", {}, "Everything is also reachable with the mouse."), h("span.sp"),
      h("button.btn", { onclick: () => box.close() }, "Close")));
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "?") box.close();
  });
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
  box.addEventListener("close", () => box.remove());
  root.append(box);
  box.showModal();
}
