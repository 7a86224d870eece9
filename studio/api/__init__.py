"""HTTP routes of the app, beside Streamlit's own: ids and hashes only, never paths, and guarded."""
