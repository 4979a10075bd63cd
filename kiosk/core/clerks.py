"""Who stands at a window, as citizens may read it. Nothing here says how anybody was rated."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clerk:
    number: str
    name: str = ""
    post: str = ""
    department: str = ""
    photo: str = ""
    """Name of a file beside the list; empty: there is none."""

    @property
    def initials(self) -> str:
        """Where there is no photo: the family name of a Chinese name, the first letters of another, else nothing."""
        words = self.name.split()
        if not words:
            return ""
        if ord(self.name[0]) > 0x2E7F:
            return self.name[0]
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()
