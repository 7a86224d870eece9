"""The script that Streamlit runs for every visit; all of it is in the frame."""

from studio.views import frame

frame.run()
