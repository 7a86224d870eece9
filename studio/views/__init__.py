"""The pages of the app: thin, read top to bottom, the only part that knows Streamlit."""
