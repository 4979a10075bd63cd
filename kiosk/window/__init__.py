"""What the window's computer calls: HTTP + JSON, and the clerk page for a browser. One thread, `window`.

Asks for ratings, signs clerks in and out, pauses. It knows neither visits in progress nor their outcome: whatever it
answers comes from its own memory of what was asked, so that no answer can tell a level. Not responsible for the visit
itself (`kiosk.core`), for the screen, or for storing anything.

Import `kiosk.window.server` and `kiosk.window.ports` alone from outside: the rest pulls in the web libraries, which the
server loads on its own thread.
"""
