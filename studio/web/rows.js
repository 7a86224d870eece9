// Rows of a view, fetched by pages. The view itself, an ordered list of ids, lives on the server.

const PAGE = 200;
const PAGES_KEPT = 30;

class Rows {
  constructor(server, onChange) {
    this.server = server;
    this.onChange = onChange;
    this.query = {};
    this.clear();
  }

  clear() {
    this.view = "";
    this.total = 0;
    this.ready = false;
    this.ids = new Map();
    this.byId = new Map();
    this.places = new Map();
    this.pages = new Map();
    this.turn = (this.turn || 0) + 1;
  }

  // Make the view anew. Answers the place of picture `item` in it, or null.
  async open(query, item = 0) {
    const turn = (this.turn = (this.turn || 0) + 1);
    const answer = await this.server.get("/api/items", { ...query, n: PAGE, item });
    if (turn !== this.turn) return null;
    this.query = query;
    this.clear();
    this.take(answer);
    return answer.place;
  }

  at(place) {
    const id = this.ids.get(place);
    return id === undefined ? undefined : this.byId.get(id);
  }

  get(id) {
    return this.byId.get(id);
  }

  placeOf(id) {
    return this.places.get(id);
  }

  // Fetch the pages that hold these places, where they are not there yet.
  need(from, to) {
    const last = Math.min(Math.floor(Math.max(to, 0) / PAGE), Math.floor(Math.max(this.total - 1, 0) / PAGE));
    for (let page = Math.floor(Math.max(from, 0) / PAGE); page <= last; page += 1) {
      if (!this.pages.has(page)) this.fetch(page);
    }
  }

  async fetch(page) {
    const turn = this.turn;
    this.pages.set(page, "coming");
    try {
      const answer = await this.server.get("/api/items", { ...this.query, view: this.view, start: page * PAGE, n: PAGE });
      if (turn !== this.turn) return;
      // The server does not know our view any more (it was started anew): take the new one.
      if (answer.view !== this.view) this.clear();
      this.take(answer);
      this.forgetFar(page);
    } catch {
      setTimeout(() => { if (turn === this.turn) { this.pages.delete(page); this.onChange(); } }, 1500);
    }
  }

  take(answer) {
    this.view = answer.view;
    this.total = answer.total;
    this.ready = true;
    this.pages.set(Math.floor(answer.start / PAGE), "here");
    answer.rows.forEach((row, offset) => this.put(row, answer.start + offset));
    this.onChange();
  }

  put(row, place) {
    const known = this.byId.get(row.id);
    this.ids.set(place, row.id);
    this.places.set(row.id, place);
    this.byId.set(row.id, known ? Object.assign(known, row) : row);
  }

  // A very long scroll must not fill the memory.
  forgetFar(near) {
    if (this.pages.size <= PAGES_KEPT) return;
    const far = [...this.pages.keys()].sort((a, b) => Math.abs(b - near) - Math.abs(a - near));
    for (const page of far.slice(0, this.pages.size - PAGES_KEPT)) this.forget(page);
  }

  forget(page) {
    this.pages.delete(page);
    for (let place = page * PAGE; place < (page + 1) * PAGE; place += 1) {
      const id = this.ids.get(place);
      this.ids.delete(place);
      if (id !== undefined && !this.byId.get(id)?.draft) this.byId.delete(id);
      this.places.delete(id);
    }
  }

  // Something changed elsewhere: fetch again what is on the screen, drop the rest.
  refresh(from, to) {
    for (const page of [...this.pages.keys()]) {
      const seen = page >= Math.floor(from / PAGE) && page <= Math.floor(to / PAGE);
      if (seen) this.fetch(page);
      else this.forget(page);
    }
  }

  async locate(id) {
    if (this.places.has(id)) return this.places.get(id);
    const answer = await this.server.get("/api/items", { ...this.query, view: this.view, item: id, n: PAGE });
    if (answer.place === null || answer.view !== this.view) return null;
    this.take(answer);
    return answer.place;
  }
}
