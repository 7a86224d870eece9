// The two lines above the grid: filter and buttons; chips with counts, status, order and columns.

const CHIPS = [
  ["all", "all"], ["empty", "empty"], ["suggestions", "suggestions"], ["no_trigger", "trigger missing"],
  ["long", "over 75 tokens"], ["by_you", "by you"],
];
const SORTS = [
  ["name", "file name"], ["newest", "newest first"], ["longest", "longest caption"], ["shortest", "shortest caption"],
  ["sharpness", "least sharp"], ["smallest", "smallest"],
];
const FILTER_MS = 220;

class Toolbar {
  constructor(grid) {
    this.grid = grid;
    this.counts = null;
    this.search = h("input.search", {
      type: "search", placeholder: "Filter by words in the caption or the file name", "aria-label": "Filter pictures",
      oninput: () => this.typed(), onkeydown: (event) => this.key(event),
    });
    this.captionButton = h("button.btn", { onclick: () => grid.ask("caption") }, "Caption ▸");
    this.replaceButton = h("button.btn", { onclick: () => grid.ask("replace") }, "Find & replace");
    this.chips = h("div.chips", { role: "toolbar", "aria-label": "Filters" });
    this.status = h("span.status", { role: "status", "aria-live": "polite" });
    this.flags = menu("Flag", [["", "any"]], (flag) => this.choose(flag ? { flag } : {}));
    this.sort = menu("Sort", SORTS, (value) => grid.show({ ...grid.query, sort: value }));
    this.columns = menu("Columns", [3, 4, 5, 6, 7, 8].map((n) => [String(n), String(n)]), (n) => grid.setColumns(Number(n)));
    this.help = h("button.chip", { title: "All keys", "aria-label": "All keys", onclick: () => showKeys(grid.root) }, "?");
    this.root = h("div.head", {},
      h("div.line", {}, this.search, this.captionButton, this.replaceButton),
      h("div.line.filters", {}, this.chips, this.status, this.flags.node, this.sort.node, this.columns.node, this.help));
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.grid.show({ ...this.grid.query, text: this.search.value.trim() }), FILTER_MS);
  }

  key(event) {
    if (event.key === "Escape" && !this.search.value) this.grid.focusFirst();
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    this.grid.focusFirst();
  }

  // Show the filter in use.
  sync(query, columns) {
    if (this.search.getRootNode().activeElement !== this.search) this.search.value = query.text || "";
    this.sort.set(query.sort || "name");
    this.columns.set(String(columns));
    if (this.counts) this.paintChips(query);
  }

  setCounts(counts, query) {
    this.counts = counts;
    setText(this.captionButton, counts.empty ? `Caption ${counts.empty.toLocaleString("en")} empty ▸` : "Caption ▸");
    this.paintChips(query);
  }

  paintChips(query) {
    const sign = JSON.stringify([query, this.counts]);
    if (this.sign === sign) return;
    this.sign = sign;
    this.paintFlags(query);
    const focused = this.chips.getRootNode().activeElement?.dataset?.chip;
    this.chips.replaceChildren(...chipsOf(this.counts, query).map((chip) => this.chip(chip)));
    if (focused) this.chips.querySelector(`[data-chip="${focused}"]`)?.focus();
  }

  chip({ key, count, word, on, filter }) {
    const props = { "aria-pressed": String(on), data: { chip: key }, onclick: () => this.choose(filter) };
    return h(`button.chip${on ? ".on" : ""}`, props, h("b", {}, count.toLocaleString("en")), word);
  }

  paintFlags(query) {
    const found = Object.entries(this.counts.flags).filter(([name, count]) => count || name === query.flag);
    this.flags.fill([["", "any"], ...found.map(([name, count]) => [name, `${flagWord(name)} ${count}`])]);
    this.flags.set(query.flag || "");
    this.flags.node.hidden = !found.length;
    this.flags.node.classList.toggle("on", Boolean(query.flag));
  }

  // A chip or a flag: the words and the order stay.
  choose(filter) {
    this.grid.show({ text: this.grid.query.text, sort: this.grid.query.sort, ...filter });
  }

  // What is saved, or the work that goes on.
  setStatus({ state, unsaved }, jobs, dead) {
    const job = jobs?.find((one) => one.kind === "caption");
    const words = {
      saved: ["ok", "✓ all saved"], unsaved: ["w", `${unsaved} unsaved`], offline: ["bad", `offline · ${unsaved} unsaved`],
    };
    const [kind, text] = dead ? ["bad", "offline"] : words[state];
    const work = job ? `captioning ${job.done} of ${job.total || "…"}${job.seconds_left ? `, ${duration(job.seconds_left)}` : ""} · ` : "";
    this.status.className = `status ${kind}`;
    this.status.dataset.state = dead ? "offline" : state;
    setText(this.status, work + text);
  }
}

function chipsOf(counts, query) {
  const show = query.show || "all";
  const plain = !query.flag && !query.decision && !query.split;
  const chips = CHIPS.filter(([key]) => key !== "no_trigger" || counts[key] || show === key).map(([key, word]) => ({
    key, word, count: counts[key] || 0, on: plain && show === key, filter: { show: key },
  }));
  const rejected = counts.decisions.reject || 0;
  if (rejected || query.decision === "reject") {
    chips.push({ key: "rejected", word: "rejected", count: rejected, on: query.decision === "reject", filter: { decision: "reject" } });
  }
  return chips;
}
