// Which pictures are chosen, and where a range began.

class Selection {
  constructor(grid) {
    this.grid = grid;
    this.chosen = new Set();
    this.anchor = null;
  }

  get size() {
    return this.chosen.size;
  }

  has(id) {
    return this.chosen.has(id);
  }

  ids() {
    return [...this.chosen];
  }

  toggle(id) {
    if (this.chosen.has(id)) this.chosen.delete(id);
    else this.chosen.add(id);
    this.anchor = id;
    this.changed([id]);
  }

  // From the anchor to this picture; pictures whose page was dropped meanwhile are fetched by their view.
  async extendTo(id) {
    const from = this.grid.rows.placeOf(this.anchor ?? this.grid.focusId ?? id);
    const to = this.grid.rows.placeOf(id);
    if (from === undefined || to === undefined) return;
    this.anchor = this.anchor ?? this.grid.focusId ?? id;
    const before = this.ids();
    this.chosen = new Set(await this.between(Math.min(from, to), Math.max(from, to)));
    this.changed([...before, ...this.chosen]);
  }

  async between(from, to) {
    const here = [];
    for (let place = from; place <= to; place += 1) here.push(this.grid.rows.at(place)?.id);
    if (here.every((id) => id !== undefined)) return here;
    return (await this.allIds()).slice(from, to + 1);
  }

  async all() {
    this.chosen = new Set(await this.allIds());
    this.changed([...this.grid.rows.byId.keys()]);
  }

  async allIds() {
    const { rows, server } = this.grid;
    const { ids } = await server.get("/api/ids", { ...rows.query, view: rows.view });
    return ids;
  }

  clear() {
    const before = this.ids();
    this.chosen.clear();
    this.anchor = null;
    this.changed(before);
  }

  changed(ids) {
    for (const id of ids) if (this.grid.cardOf(id)) this.grid.paint(id);
    this.grid.root.querySelector(".selected-bar")?.remove();
    if (this.size) this.grid.root.append(this.bar());
  }

  bar() {
    const button = (key, word, act) => h("button", { onclick: act }, kbd(key), ` ${word}`);
    const decide = (value) => () => { this.grid.decide(value, this.ids()); };
    return h("div.foot.selected-bar", { role: "status" },
      h("span", {}, `${plural(this.size, "picture")} chosen`),
      button("X", "reject", decide("reject")), button("P", "keep", decide("keep")),
      button("U", "undecided", decide("undecided")), button("Esc", "none", () => this.clear()));
  }
}
