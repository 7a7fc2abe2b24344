"""The drawings behind `{% icon %}`: strokes on a 24 by 24 ground, drawn for Koine.

Those in DIRECTIONAL point along the reading direction and are mirrored in right-to-left pages; clocks, ticks and files
are not.
"""

from __future__ import annotations

ICONS: dict[str, str] = {
    "arrow": "M4 12h16M14 6l6 6-6 6",
    "back": "M20 12H4M10 6l-6 6 6 6",
    "book": "M4 5.5C6.5 4 9.5 4 12 6c2.5-2 5.5-2 8-.5V19c-2.5-1.5-5.5-1.5-8 .5-2.5-2-5.5-2-8-.5zM12 6v13.5",
    "bookmark": "M7 3.5h10v17l-5-4-5 4z",
    "bookmarked": "M7 3.5h10v17l-5-4-5 4zM9.5 9.5l2 2 3.5-4",
    "building": "M4 21V10l8-6 8 6v11M9 21v-6h6v6M2.5 21h19",
    "calendar": "M4 6.5h16V20H4zM4 10.5h16M8 3.5v4M16 3.5v4",
    "check": "M4.5 12.5l5 5 10-11",
    "chevron": "M9 5l7 7-7 7",
    "chevron-down": "M5 9l7 7 7-7",
    "clock": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3.2 2",
    "coins": "M3 8c0-2 3-3.5 6.5-3.5S16 6 16 8s-3 3.5-6.5 3.5S3 10 3 8zM3 8v5c0 2 3 3.5 6.5 3.5M16 8v3M8 15c0-2 3-3.5 6.5-3.5S21 13 21 15s-3 3.5-6.5 3.5S8 17 8 15zm0 0v2c0 2 3 3.5 6.5 3.5S21 19 21 17v-2",
    "cross": "M6 6l12 12M18 6L6 18",
    "download": "M12 4v11M7 10.5l5 5 5-5M4.5 20h15",
    "edit": "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
    "external": "M13 4.5h6.5V11M19 5l-9 9M10 6H5v13h13v-5",
    "file": "M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6M9 16h6",
    "filter": "M4 6h16M7 12h10M10 18h4",
    "globe": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c2.5 2.5 3.5 5.5 3.5 8.5s-1 6-3.5 8.5c-2.5-2.5-3.5-5.5-3.5-8.5s1-6 3.5-8.5z",
    "info": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.5v.6",
    "link": "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1",
    "lock": "M6 10.5h12V20H6zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3M12 14.5v2",
    "mail": "M3.5 6h17v12.5h-17zM4 6.5l8 6.5 8-6.5",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "minus": "M5 12h14",
    "pin": "M12 21c-4-4.5-6.5-8-6.5-11a6.5 6.5 0 0 1 13 0c0 3-2.5 6.5-6.5 11zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
    "plus": "M12 5v14M5 12h14",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    "seal": "M12 3.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM8.3 14.3L7 20.5l5-2.3 5 2.3-1.3-6.2M9.3 9.7l2 2 3.4-4",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20.5 20.5",
    "upload": "M12 16V5M7 9.5l5-5 5 5M4.5 20h15",
    "user": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.5-4 3.5-6 7.5-6s7 2 7.5 6",
    "users": "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20c.4-3.5 3-5.2 6.5-5.2s6.1 1.7 6.5 5.2M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 15.2c2 .7 3.2 2.3 3.5 4.8",
    "warning": "M12 4L2.5 20h19zM12 10v5M12 17.3v.6",
}  # fmt: skip
DIRECTIONAL = {"arrow", "back", "chevron", "external"}
