"""The steps of the road as pure work: no Streamlit, no command line."""
