// Streamlit calls this at the first mount and again whenever data or theme change, with the same element.

export default function mount({ data, parentElement, setTriggerValue }) {
  const known = parentElement.conceptStudioGrid;
  if (known && known.server.dataset === data.dataset) {
    known.fire = setTriggerValue;
    known.update(data);
    return known.cleanup;
  }
  if (known) known.cleanup();
  const grid = new Grid(parentElement, data, setTriggerValue);
  grid.cleanup = () => {
    grid.close();
    grid.root.remove();
    if (parentElement.conceptStudioGrid === grid) delete parentElement.conceptStudioGrid;
  };
  parentElement.conceptStudioGrid = grid;
  return grid.cleanup;
}
