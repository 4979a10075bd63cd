"""PySide's declarations for QML, with the types that its stubs leave out."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Generic, TypeVar

    from PySide6.QtCore import Signal

    Value = TypeVar("Value")
    Class = TypeVar("Class", bound=type)

    class Reading(Generic[Value]):
        def __get__(self, instance: object, owner: type) -> Value: ...

    def Property(  # noqa: N802
        kind: type | str, *, notify: Signal, final: bool
    ) -> Callable[[Callable[[Any], Value]], Reading[Value]]: ...

    def QmlUncreatable(reason: str) -> Callable[[Class], Class]: ...  # noqa: N802

else:
    from PySide6.QtCore import Property
    from PySide6.QtQml import QmlUncreatable

__all__ = ["Property", "QmlUncreatable"]
