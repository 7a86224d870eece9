// Keys of the grid. Nothing reaches Streamlit, whose own C and R would clear caches and rerun the page.

function onGridKey(grid, event) {
  const target = event.composedPath()[0];
  if (target !== document.body) event.stopPropagation();
  if (event.isComposing || ["TEXTAREA", "INPUT", "SELECT"].includes(target.tagName)) return;
  const command = event.ctrlKey || event.metaKey ? commandKey(event) : plainKey(event);
  const act = command && GRID_KEYS[command];
  if (!act || (target.tagName === "BUTTON" && ["Enter", " "].includes(event.key))) return;
  if (act(grid, event) !== "pass") event.preventDefault();
}

function commandKey(event) {
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return { y: "redo", a: "all", enter: "Enter" }[key];
}

function plainKey(event) {
  if (event.altKey) return null;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

function moved(by) {
  return async (grid, event) => {
    const place = grid.focusId === null ? 0 : grid.rows.placeOf(grid.focusId) ?? 0;
    const step = typeof by === "function" ? by(grid, place) : by;
    if (event.shiftKey && grid.selection.anchor === null) grid.selection.anchor = grid.focusId;
    const id = await grid.focusPlace(place + step);
    if (event.shiftKey && id !== null) grid.selection.extendTo(id);
  };
}

function screenful(grid) {
  return grid.layout.columns * Math.max(1, Math.floor(grid.layout.height / grid.layout.rowHeight));
}

function decided(value) {
  return (grid) => {
    const ids = grid.chosen();
    if (ids.length) grid.decide(value, ids, value !== "undecided");
  };
}

const GRID_KEYS = {
  ArrowRight: moved(1),
  ArrowLeft: moved(-1),
  ArrowDown: moved((grid) => grid.layout.columns),
  ArrowUp: moved((grid) => -grid.layout.columns),
  PageDown: moved((grid) => screenful(grid)),
  PageUp: moved((grid) => -screenful(grid)),
  Home: moved((grid, place) => -place),
  End: moved((grid, place) => grid.rows.total - 1 - place),
  Enter: (grid) => { if (grid.focusId !== null) grid.edit(grid.focusId); },
  F2: (grid) => { if (grid.focusId !== null) grid.edit(grid.focusId); },
  " ": (grid) => { if (grid.focusId !== null) grid.selection.toggle(grid.focusId); },
  Escape: (grid) => grid.selection.clear(),
  Tab: (grid, event) => {
    const row = grid.rows.get(grid.focusId);
    if (event.shiftKey || !row?.suggestion || row.suggestion === textOf(row)) return "pass";
    grid.accept(row.id);
    return "";
  },
  x: decided("reject"),
  p: decided("keep"),
  u: decided("undecided"),
  n: (grid) => grid.nextEmpty(),
  e: (grid) => { if (grid.focusId !== null) grid.loupe.open(grid.focusId); },
  "/": (grid) => grid.toolbar.search.focus(),
  "?": (grid) => showKeys(grid.root),
  undo: (grid) => { grid.takeBack(false); },
  redo: (grid) => { grid.takeBack(true); },
  all: (grid) => { grid.selection.all(); },
};
