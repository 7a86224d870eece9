// Streamlit calls this at the first mount and again whenever data or theme change, with the same element.

export default function mount({ data, parentElement, setTriggerValue }) {
  const known = parentElement.conceptStudioReview;
  if (known && known.server.dataset === data.dataset) {
    known.fire = setTriggerValue;
    known.update(data);
    return known.cleanup;
  }
  if (known) known.cleanup();
  const review = new Review(parentElement, data, setTriggerValue);
  review.cleanup = () => {
    review.close();
    review.root.remove();
    if (parentElement.conceptStudioReview === review) delete parentElement.conceptStudioReview;
  };
  parentElement.conceptStudioReview = review;
  return review.cleanup;
}
