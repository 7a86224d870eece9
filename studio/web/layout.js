// Where cards lie: pure numbers, so that only what is on the screen exists.

const GAP = 14;
const CARD_TEXT = 94;
// Browsers cap the height of an element; beyond this the scroll position is scaled.
const TALLEST = 12e6;
const OVERSCAN = 2;

class Layout {
  constructor(columns = 5) {
    this.columns = columns;
    this.width = 1000;
    this.height = 600;
    this.total = 0;
  }

  get cardWidth() {
    return (this.width - GAP * (this.columns - 1)) / this.columns;
  }

  get picHeight() {
    return Math.round(Math.min(340, Math.max(96, this.cardWidth * 0.56)));
  }

  get rowHeight() {
    return this.picHeight + CARD_TEXT + GAP;
  }

  get rows() {
    return Math.ceil(this.total / this.columns);
  }

  get fullHeight() {
    return Math.max(0, this.rows * this.rowHeight - GAP + 6);
  }

  get canvasHeight() {
    return Math.min(this.fullHeight, TALLEST);
  }

  get scale() {
    const room = this.canvasHeight - this.height;
    return this.fullHeight > TALLEST && room > 0 ? (this.fullHeight - this.height) / room : 1;
  }

  // Rows to draw at a scroll position: first, and one past the last.
  range(scrollTop) {
    const top = scrollTop * this.scale;
    const first = Math.max(0, Math.floor(top / this.rowHeight) - OVERSCAN);
    const end = Math.min(this.rows, Math.ceil((top + this.height) / this.rowHeight) + OVERSCAN);
    return [first, end];
  }

  // Where a row is drawn inside the canvas.
  top(row, scrollTop) {
    return scrollTop + row * this.rowHeight - scrollTop * this.scale;
  }

  // The scroll position that brings a place into view, or null when it is in view already.
  scrollTo(place, scrollTop) {
    const top = Math.floor(place / this.columns) * this.rowHeight;
    const seen = scrollTop * this.scale;
    const bottom = top + this.rowHeight - GAP + 6;
    if (top >= seen && bottom <= seen + this.height) return null;
    const wanted = top < seen ? top - 2 : bottom - this.height;
    return Math.max(0, wanted) / this.scale;
  }

  // The places on the screen.
  places(scrollTop) {
    const [first, end] = this.range(scrollTop);
    return [first * this.columns, Math.min(this.total, end * this.columns) - 1];
  }
}
