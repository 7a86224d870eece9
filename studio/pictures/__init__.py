"""Reading pictures safely: decode, measure, crop and render. Nothing here knows the catalog."""
