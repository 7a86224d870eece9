// What a person does in the grid. Added to Grid here, so that drawing and doing stay apart.

Object.assign(Grid.prototype, {
  ask(what) {
    this.editor.close();
    this.fire("open", { what, query: this.query, at: Date.now() });
  },

  // A filter or an order was chosen.
  async show(query) {
    this.editor.close();
    await this.saver.idle();
    this.query = query;
    this.selection.clear();
    this.toolbar.sync(query, this.layout.columns);
    const place = await this.open(query, this.focusId || 0);
    this.drawn.forEach((node) => node.remove());
    this.drawn.clear();
    if (place === null || place === undefined) this.setRoving(null);
    this.scroller.scrollTop = 0;
    if (place) this.backTo(place);
    this.render();
    this.memory.keep(this);
  },

  setColumns(columns) {
    const anchor = this.focusId !== null ? this.rows.placeOf(this.focusId) ?? this.firstPlace() : this.firstPlace();
    this.layout.columns = Math.min(8, Math.max(3, columns));
    this.drawn.forEach((node) => node.remove());
    this.drawn.clear();
    this.keepPlace(anchor);
    this.toolbar.sync(this.query, this.layout.columns);
    this.render();
    this.memory.keep(this);
  },

  wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.setColumns(this.layout.columns + Math.sign(event.deltaY));
  },

  // Focus -------------------------------------------------------------------------------------------------

  focused(id) {
    this.setRoving(id);
    this.memory.keepSoon(this);
  },

  setRoving(id) {
    const before = this.focusId;
    this.focusId = id;
    for (const one of [before, id]) if (one !== null) this.paint(one);
  },

  focus(id) {
    const card = this.cardOf(id);
    if (card) card.focus({ preventScroll: true });
  },

  focusFirst() {
    this.focusPlace(this.focusId !== null ? this.rows.placeOf(this.focusId) ?? 0 : 0);
  },

  async focusPlace(place) {
    if (!this.rows.total) return null;
    const wanted = Math.min(Math.max(place, 0), this.rows.total - 1);
    const top = this.layout.scrollTo(wanted, this.scroller.scrollTop);
    if (top !== null) this.scroller.scrollTop = top;
    this.render();
    const row = this.rows.at(wanted) || (await this.arrived(wanted));
    if (row) this.focus(row.id);
    return row ? row.id : null;
  },

  // Wait until the page with this place is here.
  async arrived(place) {
    for (let tries = 0; tries < 100 && !this.rows.at(place); tries += 1) {
      this.rows.need(place, place);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    this.render();
    return this.rows.at(place);
  },

  async step(id, by) {
    const place = this.rows.placeOf(id);
    if (place === undefined || place + by < 0 || place + by >= this.rows.total) return null;
    return this.focusPlace(place + by);
  },

  async nextEmpty() {
    const after = this.focusId !== null ? this.rows.placeOf(this.focusId) ?? -1 : -1;
    await this.saver.idle();
    const { place } = await this.server.get("/api/next-empty", { ...this.rows.query, view: this.rows.view, after });
    if (place === null) toast(this.root, "Every caption in this view is filled.");
    else this.focusPlace(place);
  },

  // Captions ----------------------------------------------------------------------------------------------

  edit(id) {
    this.setRoving(id);
    this.editor.open(id);
  },

  async editNext(id) {
    const next = await this.step(id, 1);
    if (next) this.editor.open(next);
    else this.focus(id);
  },

  accept(id) {
    const row = this.rows.get(id);
    if (!row?.suggestion) return;
    if (this.editor.id === id) this.editor.fill(row.suggestion);
    else this.write(row, row.suggestion, "Take the suggestion");
  },

  write(row, text, label) {
    Object.assign(row, { draft: text, state: "sending", problem: null });
    this.saver.type(row.id, text, row.rev);
    this.saver.saveDraft(row.id, label);
    this.paint(row.id);
  },

  keepMine(id) {
    const row = this.rows.get(id);
    const mine = row.draft ?? row.conflict.mine;
    row.rev = row.conflict.rev;
    this.saver.drafts.drop(id);
    row.conflict = null;
    this.write(row, mine, "Keep my caption");
    this.focus(id);
  },

  takeTheirs(id) {
    const row = this.rows.get(id);
    Object.assign(row, { caption: row.conflict.value, rev: row.conflict.rev, by: row.conflict.by, draft: null, conflict: null });
    this.saver.drafts.drop(id);
    this.paint(id);
    this.focus(id);
  },

  // Decisions ---------------------------------------------------------------------------------------------

  decide(value, ids, advance = true) {
    const words = { keep: "Keep", reject: "Reject", undecided: "Undecide" };
    const changes = ids.map((id) => ({ id, field: "decision", value }));
    for (const id of ids) {
      const row = this.rows.get(id);
      if (row) row.decision = value;
      this.paint(id);
    }
    this.saver.push({ label: `${words[value]} ${plural(ids.length, "picture")}`, changes });
    if (advance && ids.length === 1) this.step(ids[0], 1);
  },

  pick(id, event) {
    if (event.shiftKey) this.selection.extendTo(id);
    else if (event.ctrlKey || event.metaKey) this.selection.toggle(id);
    this.setRoving(id);
    this.focus(id);
  },

  // The chosen pictures, or the one with the focus.
  chosen() {
    if (this.selection.size) return this.selection.ids();
    return this.focusId === null ? [] : [this.focusId];
  },

  async takeBack(redo) {
    this.editor.close();
    await this.saver.idle();
    try {
      const answer = await this.server.post("/api/undo", { redo });
      this.answered(answer, null);
      const left = answer.results.some((result) => result.state === "conflict") ? " What was changed since stays." : "";
      toast(this.root, `${redo ? "Done again" : "Undone"}: ${answer.label}.${left}`);
      this.goTo(answer.results[0]?.id);
    } catch (error) {
      toast(this.root, error.message);
    }
  },

  async goTo(id) {
    if (!id) return;
    const place = await this.rows.locate(id).catch(() => null);
    if (place !== null && place !== undefined) this.focusPlace(place);
  },
});
