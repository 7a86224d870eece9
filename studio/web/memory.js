// Where this tab stood: filter, picture, scroll position and columns; kept over a reload and a change of page.

const KEEP_MS = 300;

class Memory {
  constructor(dataset) {
    this.key = `concept-studio/${dataset}/place`;
    const known = this.read();
    this.query = known.query || {};
    this.id = known.id || 0;
    this.scrollTop = known.scrollTop || 0;
    this.columns = known.columns || 5;
  }

  read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key)) || {};
    } catch {
      return {};
    }
  }

  keepSoon(grid) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(grid), KEEP_MS);
  }

  keep(grid) {
    clearTimeout(this.timer);
    if (!grid.rows.ready) return;
    const id = grid.focusId ?? grid.rows.at(grid.firstPlace())?.id ?? 0;
    const place = { query: grid.query, id, scrollTop: grid.scroller.scrollTop, columns: grid.layout.columns };
    try {
      sessionStorage.setItem(this.key, JSON.stringify(place));
    } catch {
      // Without storage the next visit starts at the top, and that is all.
    }
  }
}
