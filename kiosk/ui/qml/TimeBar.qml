pragma ComponentBehavior: Bound
import QtQuick

// How long something still waits. Moves by whole pixels, so that a still screen is not painted again and again.
Rectangle {
    id: root

    property real share: 0
    property color tone: Theme.accent

    color: Theme.motif

    function follow(share: real, remainingMs: int): void {
        run.stop();
        root.share = share;
        run.from = share;
        run.duration = remainingMs;
        if (remainingMs > 0)
            run.start();
    }

    Rectangle {
        // In steps where nothing may move.
        readonly property real shown: Theme.calm ? Math.ceil(root.share * 12) / 12 : root.share
        x: Theme.from(0, width, root.width)
        width: Math.round(root.width * shown)
        height: root.height
        color: root.tone
        opacity: Theme.scheme === "light" ? 0.55 : 1
    }

    NumberAnimation {
        id: run
        target: root
        property: "share"
        to: 0
    }
}
