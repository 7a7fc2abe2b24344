"""What a fund hands out as bytes: its call on paper, as a PDF and as plain HTML."""
