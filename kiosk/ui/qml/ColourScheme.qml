import QtQuick

// The colours of one scheme, by what they are for. In the light one no two that a drawing of assets/icons uses are the
// same: in another scheme a drawing is exchanged colour by colour.
QtObject {
    // Grounds.
    required property color paper
    required property color card
    required property color motif
    required property color accentSoft
    required property color sand
    required property color field

    // What stands on them.
    required property color line
    required property color ink
    required property color quiet
    required property color accent
    required property color alarm

    // What stands on accent and alarm, and what stands on field.
    required property color bright
    required property color fieldInk
    required property color fieldQuiet
}
