// The caption grid: only the rows on the screen exist, everything else is numbers.

const POLL_MS = 2500;

class Grid {
  constructor(parent, data, fire) {
    this.fire = fire;
    this.server = new Server(data);
    this.trigger = data.trigger || "";
    this.query = {};
    this.drawn = new Map();
    this.focusId = null;
    this.selection = new Selection(this);
    this.saver = new Saver(this.server, {
      onAnswer: (answer, op) => this.answered(answer, op),
      onStatus: () => this.paintStatus(),
      onRefused: (op, message) => this.refused(op, message),
    });
    this.rows = new Rows(this.server, () => this.render());
    this.memory = new Memory(data.dataset);
    this.layout = new Layout(this.memory.columns);
    this.editor = new Editor(this);
    this.loupe = new Loupe(this);
    this.build(parent);
    this.start(data.open || {});
  }

  build(parent) {
    this.toolbar = new Toolbar(this);
    this.canvas = h("div.canvas", { role: "presentation" });
    this.empty = h("div.nothing", { hidden: true });
    this.scroller = h("div.scroller", {
      role: "grid", "aria-label": "Pictures and captions", "aria-multiselectable": "true",
      onscroll: () => this.scrolled(), onwheel: (event) => this.wheel(event),
    }, this.canvas, this.empty);
    this.root = h("div.cs.grid", {}, this.toolbar.root, this.scroller);
    parent.append(this.root);
    this.deaf = listenForKeys(this.root, (event) => onGridKey(this, event));
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.root);
    this.onResize = () => this.fit();
    window.addEventListener("resize", this.onResize);
    this.onHide = () => { this.editor.close(); this.memory.keep(this); };
    window.addEventListener("pagehide", this.onHide);
    this.onOnline = () => this.saver.retryNow();
    window.addEventListener("online", this.onOnline);
  }

  async start(open) {
    const asked = Object.keys(open).length > 0;
    this.query = asked ? open : this.memory.query;
    this.toolbar.sync(this.query, this.layout.columns);
    this.fit();
    const place = await this.open(this.query, asked ? 0 : this.memory.id);
    if (place !== null && place !== undefined) this.backTo(place);
    this.poll();
    this.adopt();
  }

  async open(query, item) {
    try {
      return await this.rows.open(query, item);
    } catch (error) {
      this.paintEmpty(error.message);
      if (error instanceof Offline) setTimeout(() => this.open(query, item), 1500);
      return null;
    }
  }

  backTo(place) {
    this.scroller.scrollTop = this.memory.scrollTop;
    this.render();
    const off = this.layout.scrollTo(place, this.scroller.scrollTop);
    if (off !== null) this.scroller.scrollTop = off;
    this.render();
    this.setRoving(this.rows.at(place)?.id ?? null);
  }

  async adopt() {
    try {
      await this.saver.adopt();
    } catch {
      setTimeout(() => this.adopt(), 3000);
    }
  }

  // New data of the page: another token after a restart, another theme, or a filter from a link.
  update(data) {
    this.server.update(data);
    this.trigger = data.trigger || this.trigger;
    this.saver.retryNow();
    this.check();
  }

  close() {
    this.editor.close();
    this.memory.keep(this);
    clearTimeout(this.pollTimer);
    this.closed = true;
    this.saver.close();
    this.sizes.disconnect();
    this.deaf();
    window.removeEventListener("resize", this.onResize);
    window.removeEventListener("pagehide", this.onHide);
    window.removeEventListener("online", this.onOnline);
  }

  // Drawing -----------------------------------------------------------------------------------------------

  fit() {
    const top = this.scroller.getBoundingClientRect().top + document.documentElement.scrollTop;
    this.scroller.style.height = `${Math.max(360, window.innerHeight - top - 18)}px`;
    const anchor = this.firstPlace();
    this.canvas.style.width = `${this.toolbar.root.clientWidth}px`;
    Object.assign(this.layout, { width: this.canvas.clientWidth, height: this.scroller.clientHeight });
    if (anchor > 0 && this.layout.columns) this.keepPlace(anchor);
    this.render();
  }

  firstPlace() {
    return Math.floor((this.scroller.scrollTop * this.layout.scale) / this.layout.rowHeight) * this.layout.columns;
  }

  keepPlace(place) {
    this.canvas.style.height = `${this.layout.canvasHeight}px`;
    this.scroller.scrollTop = (Math.floor(place / this.layout.columns) * this.layout.rowHeight) / this.layout.scale;
  }

  scrolled() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.render();
      this.memory.keepSoon(this);
    });
  }

  render() {
    if (this.closed) return;
    const { layout, rows } = this;
    layout.total = rows.total;
    this.canvas.style.height = `${layout.canvasHeight}px`;
    this.scroller.setAttribute("aria-rowcount", layout.rows);
    this.scroller.setAttribute("aria-colcount", layout.columns);
    const [first, end] = layout.range(this.scroller.scrollTop);
    if (rows.ready) rows.need(first * layout.columns, end * layout.columns);
    this.dropRows(first, end);
    for (let row = first; row < end; row += 1) this.drawRow(row);
    for (const [row, node] of this.drawn) this.placeRow(row, node);
    this.paintEmpty();
    Object.assign(this.root.dataset, { ready: rows.ready ? "yes" : "no", words: rows.query.text || "" });
  }

  // Rows out of sight go, except the one with the focus: it may hold a half-written caption.
  dropRows(first, end) {
    const active = this.root.getRootNode().activeElement;
    for (const [row, node] of this.drawn) {
      if ((row >= first && row < end) || (active && node.contains(active))) continue;
      node.remove();
      this.drawn.delete(row);
    }
  }

  drawRow(row) {
    let node = this.drawn.get(row);
    if (!node) {
      node = h("div.row", { role: "row", "aria-rowindex": row + 1 });
      const after = [...this.drawn.keys()].filter((other) => other > row).sort((a, b) => a - b)[0];
      this.canvas.insertBefore(node, after === undefined ? null : this.drawn.get(after));
      this.drawn.set(row, node);
    }
    const { columns, total } = this.layout;
    const count = Math.min(columns, total - row * columns);
    while (node.children.length > Math.max(count, 0)) node.lastChild.remove();
    for (let column = 0; column < count; column += 1) this.drawCard(node, row * columns + column, column);
  }

  drawCard(node, place, column) {
    const row = this.rows.at(place);
    let card = node.children[column];
    const wanted = row ? String(row.id) : undefined;
    if (!card || card.dataset.id !== wanted) {
      const made = row ? makeCard(row.id, this.server, this) : makeGhost();
      made.setAttribute("aria-colindex", column + 1);
      if (card) card.replaceWith(made);
      else node.append(made);
      card = made;
    }
    if (row) this.paintCardOf(card, row);
  }

  placeRow(row, node) {
    const { layout } = this;
    node.style.transform = `translateY(${layout.top(row, this.scroller.scrollTop)}px)`;
    node.style.height = `${layout.rowHeight - GAP}px`;
    node.style.setProperty("--columns", layout.columns);
    node.style.setProperty("--pic", `${layout.picHeight}px`);
  }

  paint(id) {
    const card = this.cardOf(id);
    const row = this.rows.get(id);
    if (card && row) this.paintCardOf(card, row);
    this.paintStatus();
  }

  paintCardOf(card, row) {
    const editing = this.editor.id === row.id;
    if (editing) this.editor.follow(row);
    paintCard(card, row, {
      trigger: this.trigger, selected: this.selection.has(row.id), editing, server: this.server, actions: this,
    });
    card.tabIndex = row.id === this.focusId || (this.focusId === null && this.rows.placeOf(row.id) === 0) ? 0 : -1;
    card.parentElement.classList.toggle("front", editing || Boolean(card.parentElement.querySelector(".editing")));
  }

  cardOf(id) {
    return this.canvas.querySelector(`.card[data-id="${Number(id)}"]`);
  }

  paintEmpty(problem = "") {
    const empty = problem || (this.rows.ready && this.rows.total === 0);
    this.empty.hidden = !empty;
    if (empty) this.empty.replaceChildren(...nothingHere(this, problem));
  }

  paintStatus() {
    this.toolbar.setStatus(this.saver.status, this.counts?.jobs, this.dead);
  }
}

function nothingHere(grid, problem) {
  if (problem) return [h("h2", {}, "The pictures cannot be shown"), h("p", {}, problem)];
  const any = grid.counts && (grid.counts.all || grid.counts.decisions.reject);
  if (any) {
    return [h("h2", {}, "No picture matches this filter"),
      h("button.btn", { onclick: () => grid.show({}) }, "Show all pictures")];
  }
  if (!grid.counts) return [];
  return [h("h2", {}, "No pictures yet"), h("p", {}, "Add a folder of pictures first; captions come after that."),
    h("button.btn.p", { onclick: () => grid.ask("pictures") }, "Add pictures")];
}
