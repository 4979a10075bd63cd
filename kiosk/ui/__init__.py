"""The Qt edge: view models, QML screens, and the doorway that leads from threads into Qt.

Shows what the core decided and turns touches into its events. Knows no disk, no network and no device.
"""
